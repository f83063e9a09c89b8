"""`yangguang load-calendar FILE`: public holidays and working weekends of a year. (R6.05)"""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from yangguang import clock
from yangguang.actions.admissions.working_days import load, preview
from yangguang.management.console import refusals_as_errors
from yangguang.rules.accounts.actors import CONSOLE
from yangguang.sheets import digest
from yangguang.sheets.calendar import read_calendar


class Command(BaseCommand):
    help = "载入一年的放假调休安排（xlsx 或 csv：日期、安排、说明、依据文件），用来数退录等期限的工作日"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, file: Path, **options: object) -> None:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(f"读不到文件 {file}：{error}", returncode=2) from error
        with refusals_as_errors(self):
            rows = read_calendar(data, file.name)
            moves = preview(rows, clock.now())
            days = load(by=CONSOLE, rows=rows, digest=digest(data))
        self.stdout.write(f"已载入 {days} 天，{len(moves)} 件退录申请的期限随之变动")
