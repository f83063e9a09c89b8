"""`yangguang warm-engine`: compile the loops of the engine in advance, so that no first run waits for it."""

from django.core.management.base import BaseCommand

from yangguang.actions.runs.engine_warmup import warm


class Command(BaseCommand):
    help = "预先编译录取引擎"
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        warm()
        self.stderr.write("录取引擎已编译，可以运算")
