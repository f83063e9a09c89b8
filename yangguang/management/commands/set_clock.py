"""`yangguang set-clock 2024-11-08T09:00`: the clock of the demonstration and of practice. (F-H1, F-H5)"""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime

from django.core.management.base import BaseCommand

from yangguang.actions.seasons import practice_clock
from yangguang.management.console import refusals_as_errors
from yangguang.rules.accounts.actors import CONSOLE
from yangguang.rules.seasons.windows import SHANGHAI, format_instant


def instant(text: str) -> datetime:
    """An instant in Beijing time, written as 2024-11-08T09:00."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("请写成 2024-11-08T09:00 的样子（北京时间）") from None
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)


class Command(BaseCommand):
    help = "调整演练时钟（只在演示和演练环境）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("to", type=instant, help="北京时间，如 2024-11-08T09:00")

    def handle(self, *args: object, to: datetime, **options: object) -> None:
        with refusals_as_errors(self):
            practice_clock.set_clock(by=CONSOLE, to=to)
        self.stdout.write(f"时钟现在是 {format_instant(to)}，之后照常走")
