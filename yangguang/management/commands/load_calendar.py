"""`yangguang load-calendar FILE`: public holidays and working weekends of a year. (R6.05)"""

import csv
import io
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from yangguang.actions.seasons.working_days import load
from yangguang.management.console import refusals_as_errors
from yangguang.rules.accounts.actors import CONSOLE
from yangguang.sheets import digest


class Command(BaseCommand):
    help = "载入放假调休日（csv：day,rests,says,source,sure），用来数退录等期限的工作日"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, file: Path, **options: object) -> None:
        try:
            data = file.read_bytes()
            rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"读不到文件 {file}：{error}", returncode=2) from error
        with refusals_as_errors(self):
            days = load(by=CONSOLE, rows=rows, digest=digest(data))
        self.stdout.write(f"已载入 {days} 天")
