"""`yangguang verify-audit`: compute every chain and every published root again; exit code 1 at any difference.
(F-I2)
"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from yangguang.models import AuditEntry, AuditRoot
from yangguang.queries.audit.audit_verification import faults


class Command(BaseCommand):
    help = "重算审计链与每日日志根"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(faults())
        numbers = {"entries": AuditEntry.objects.count(), "roots": AuditRoot.objects.count()}
        if options["json"]:
            self.stdout.write(json.dumps({"ok": not found, **numbers, "faults": found}, ensure_ascii=False))
        else:
            says = "全部相符" if not found else f"{len(found)} 处不符"
            self.stdout.write(f"审计日志 {numbers['entries']} 条、每日日志根 {numbers['roots']} 个：{says}")
            for fault in found:
                self.stdout.write(f"  {fault}")
        if found:
            raise SystemExit(1)
