"""`yangguang sheet KIND --unit NAME --out FILE`: a form as a file, sealed or with current figures. (F-G3, F-G6)"""

import re
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path

from django.core.management.base import BaseCommand

from yangguang import clock
from yangguang.management.console import BAD_ARGUMENT, refusals_as_errors
from yangguang.models import Unit
from yangguang.queries.organisation.units import ALL_LEVELS, find_unit
from yangguang.queries.reporting.reports import CITY, PROVINCE, current_report
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons.windows import SHANGHAI
from yangguang.sheets import FilledSheet, render_csv, render_print, render_xlsx
from yangguang.sheets.monthly import fill_report, fill_targets, has_data

Month = tuple[int, int]
FORMS = {"monthly-city": CITY, "monthly-province": PROVINCE}
KINDS = {".xlsx": render_xlsx, ".csv": render_csv, ".html": lambda filled: render_print(filled, alone=True).encode()}


def month(text: str) -> Month:
    """ "2024-09" → (2024, 9)."""
    match = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", text)
    if match is None:
        raise ArgumentTypeError("月份应写成 2024-09 的样子")
    return int(match[1]), int(match[2])


def target(text: str) -> Path:
    """A path that ends as one of `KINDS`."""
    if Path(text).suffix not in KINDS:
        raise ArgumentTypeError(f"文件名应以 {'、'.join(KINDS)} 结尾")
    return Path(text)


class Command(BaseCommand):
    help = "输出报表：市级月报、省级月报、任务分解表"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=[*FORMS, "targets"])
        parser.add_argument("--unit", required=True, help="单位名称，例如 郑州市")
        parser.add_argument("--month", type=month, help="月报的月份，例如 2024-09；默认为本月")
        parser.add_argument("--year", type=int, help="任务分解表的年度；默认为今年")
        parser.add_argument("--out", required=True, type=target, metavar="FILE.{xlsx,csv,html}")

    def handle(
        self, *args: object, kind: str, unit: str, month: Month | None, year: int | None, out: Path, **options: object
    ) -> None:
        with refusals_as_errors(self, code=BAD_ARGUMENT):
            of = find_unit(unit, *ALL_LEVELS)
        with refusals_as_errors(self):
            data = KINDS[out.suffix](_fill(of, kind, month, year))
            try:
                out.write_bytes(data)
            except OSError as error:
                raise Refused(f"不能写入 {out}：{error.strerror}") from error
        self.stderr.write(f"已写入 {out}")


def _fill(unit: Unit, kind: str, month: Month | None, year: int | None) -> FilledSheet:
    now = clock.now()
    today = now.astimezone(SHANGHAI)
    if kind == "targets":
        return fill_targets(unit, year or today.year)
    year, number = month or (year or today.year, today.month)
    report = current_report(unit, FORMS[kind], year, number, now)
    if not has_data(report):
        what = f"{unit.name}{year}年{number}月没有任务数，也没有报到的学生，没有可以输出的月报"
        raise Refused(what, now="请核对单位和月份")
    return fill_report(report)
