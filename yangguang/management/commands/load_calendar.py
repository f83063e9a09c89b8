"""`yangguang load-calendar FILE`: holidays and worked weekends of a year, all of them or none. (R6.05)"""

import csv
import io
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yangguang.actions.seasons.working_days import load
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.roles import Role
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.sheets import digest


class Command(BaseCommand):
    help = "载入放假调休日（csv：day,rests,says,source,sure），用来数退录等期限的工作日"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            data = options["file"].read_bytes()
            rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"读不到文件 {options['file']}：{error}", returncode=2) from error
        try:
            days = load(by=Actor(role=Role.OPERATOR, name="命令行"), rows=rows, digest=digest(data))
        except BadRows as refusal:
            raise CommandError(
                "\n".join([str(refusal), *(f"{r.where}：{r}" for r in refusal.rows)])
            ) from refusal
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"已载入 {days} 天")
