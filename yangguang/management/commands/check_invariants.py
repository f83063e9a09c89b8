"""`yangguang check-invariants`: check every invariant of docs/spec/security.md; exit code 1 when one is broken."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence

import psycopg
from django.core.management.base import BaseCommand
from django.db import ProgrammingError, connection

from yangguang.checks import lacks_tables
from yangguang.queries.audit.invariants.catalogue import INVARIANTS, InvariantReport, check_invariants


class Command(BaseCommand):
    help = "逐条核对不变量；表还不存在的列为待定，绝不算作成立"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: object, **options: object) -> None:
        report = _check() or _check_one_by_one()
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


def _check(numbers: Sequence[int] = ()) -> InvariantReport | None:
    """Check these invariants, or all; None in a database without a table that one of them needs."""
    try:
        return check_invariants(numbers)
    except (ProgrammingError, psycopg.ProgrammingError) as error:
        if not lacks_tables(error):
            raise
        return None


def _check_one_by_one() -> InvariantReport:
    """Check all invariants; those without their tables are pending."""
    has_tables = any(name.startswith("yangguang_") for name in connection.introspection.table_names())
    report = InvariantReport()
    for one in INVARIANTS:
        report += (_check([one.number]) if has_tables else None) or InvariantReport(pending=[one.number])
    return report
