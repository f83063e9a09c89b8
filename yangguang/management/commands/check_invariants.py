"""`yangguang check-invariants`: ask every invariant of docs/spec/security.md; exit code 1 when one is broken."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

import psycopg
from django.core.management.base import BaseCommand
from django.db import ProgrammingError, connection

from yangguang.checks import lacks_tables
from yangguang.queries.audit.invariants.catalogue import INVARIANTS, Verdict, check


class Command(BaseCommand):
    help = "逐条核对不变量；表还不存在的列为待定，绝不算作成立"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        found = _verdict()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(found), ensure_ascii=False))
        else:
            broken = {one.number: one for one in found.broken}
            for one in INVARIANTS:
                word = "待定" if one.number in found.pending else "破坏" if one.number in broken else "成立"
                self.stdout.write(f"{one.number:>2} {word}  {one.says}")
                for row in broken[one.number].rows if one.number in broken else ():
                    self.stdout.write(f"      {row}")
        if found.broken:
            raise SystemExit(1)


def _verdict() -> Verdict:
    """What was found; on a database that lacks tables, what cannot be asked there is pending."""
    try:
        return check()
    except (ProgrammingError, psycopg.ProgrammingError) as error:
        if not lacks_tables(error):
            raise
    whole, empty = Verdict(), not _has_tables()
    for number in (one.number for one in INVARIANTS):
        try:
            found = Verdict(pending=[number]) if empty else check([number])
        except (ProgrammingError, psycopg.ProgrammingError) as error:
            if not lacks_tables(error):
                raise
            found = Verdict(pending=[number])
        whole.held += found.held
        whole.pending += found.pending
        whole.broken += found.broken
    return whole


def _has_tables() -> bool:
    """Whether any table of ours is there; where there is none, "nothing is wrong in them" is no answer."""
    return any(name.startswith("yangguang_") for name in connection.introspection.table_names())
