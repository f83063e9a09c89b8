"""`yangguang verify-audit`: compute every chain and every published root again; exit code 1 on a fault. (F-I2)"""

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from yangguang.models import AuditEntry, AuditRoot
from yangguang.queries.audit.log_chain import find_log_faults


class Command(BaseCommand):
    help = "重算审计链与每日日志根"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: object, **options: object) -> None:
        faults = list(find_log_faults())
        numbers = {"entries": AuditEntry.objects.count(), "roots": AuditRoot.objects.count()}
        if options["json"]:
            self.stdout.write(json.dumps({"ok": not faults, **numbers, "faults": faults}, ensure_ascii=False))
        else:
            result = f"{len(faults)} 处不符" if faults else "全部相符"
            self.stdout.write(f"审计日志 {numbers['entries']} 条、每日日志根 {numbers['roots']} 个：{result}")
            for fault in faults:
                self.stdout.write(f"  {fault}")
        if faults:
            raise SystemExit(1)
