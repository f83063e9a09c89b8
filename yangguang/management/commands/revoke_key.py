"""`yangguang revoke-key SERIAL`: end a hardware key that was lost or whose holder left. (S23-4.12)"""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from yangguang.actions.accounts import keys
from yangguang.management.console import BAD_ARGUMENT, refusals_as_errors
from yangguang.models import SecurityKey
from yangguang.rules.accounts.actors import CONSOLE


class Command(BaseCommand):
    help = "吊销优盾（遗失、损坏、离任）：立即生效，正在使用的登录随即失效"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("serial", help="优盾编号")
        parser.add_argument("--reason", required=True, help="原因，记入日志")

    def handle(self, *args: object, serial: str, reason: str, **options: object) -> None:
        key = SecurityKey.objects.filter(serial=serial).first()
        if key is None:
            raise CommandError(f"没有编号为“{serial}”的优盾", returncode=BAD_ARGUMENT)
        with refusals_as_errors(self):
            keys.revoke(by=CONSOLE, key=key, reason=reason)
        self.stdout.write(f"已吊销优盾 {serial}")
