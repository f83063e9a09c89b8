"""`yangguang check-invariants`: check every invariant of docs/spec/security.md; exit code 1 when one is broken."""

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.db import connection

from yangguang.queries.audit.invariants.catalogue import INVARIANTS, InvariantReport, check_invariants


class Command(BaseCommand):
    help = "逐条核对不变量；表还不存在的列为待定，绝不算作成立"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: object, **options: object) -> None:
        report = _check()
        if options["json"]:
            self.stdout.write(json.dumps(report.to_json(), ensure_ascii=False))
        else:
            self._print(report)
        if report.broken:
            raise SystemExit(1)

    def _print(self, report: InvariantReport) -> None:
        rows = {one.number: one.rows for one in report.broken}
        for one in INVARIANTS:
            state = "待定" if one.number in report.pending else "破坏" if one.number in rows else "成立"
            self.stdout.write(f"{one.number:>2} {state}  {one.sentence}")
            for row in rows.get(one.number, ()):
                self.stdout.write(f"      {row}")


def _check() -> InvariantReport:
    """Check all invariants; in a database without our tables all are pending."""
    if any(name.startswith("yangguang_") for name in connection.introspection.table_names()):
        return check_invariants()
    return InvariantReport(pending=[one.number for one in INVARIANTS])
