"""`yangguang check-invariants`: ask every invariant of trust.md; exit code 1 when one is broken."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from yangguang.queries.invariants import INVARIANTS, check


class Command(BaseCommand):
    help = "逐条核对不变量；表还不存在的列为待定，绝不算作成立"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        found = check()
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
