"""`yangguang load-targets FILE --year Y --parent NAME`: one table of targets, all of it or nothing.
(S24-A1.02, F-G1)
"""

import json
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand

from yangguang.actions.reporting.target_files import read_target_file
from yangguang.actions.reporting.target_rows import BreakDownResult
from yangguang.actions.reporting.targets import load_table
from yangguang.management.console import BAD_ARGUMENT, refusals_as_errors
from yangguang.models import Unit
from yangguang.queries.organisation.units import BUREAUS, find_unit
from yangguang.rules.accounts.actors import CONSOLE
from yangguang.rules.base.free_text import check_length
from yangguang.rules.base.refusals import Refused
from yangguang.rules.reporting.targets import TotalInForce
from yangguang.sheets import digest


def reason(text: str) -> str:
    """Why a total is replaced, in words."""
    if not text.strip() or len(text) > 200:
        raise ArgumentTypeError("请用一句话写明总数为什么调整，不超过 200 个字")
    return text.strip()


class Command(BaseCommand):
    help = "导入招生任务分解表（附件1 格式的 xlsx 或 csv）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--parent", required=True, help="下达任务的单位，例如 郑州市")
        parser.add_argument("--check-only", action="store_true", help="只检查，不写入")
        why = "这份表的合计取代现行的总数；写明理由，例如下达新总数的文号"
        parser.add_argument("--replace-total", type=reason, metavar="REASON", help=why)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: object, file: Path, year: int, parent: str, check_only: bool, **options: str) -> None:
        as_json = bool(options["json"])
        with refusals_as_errors(self, as_json=as_json, code=BAD_ARGUMENT):
            try:
                data = file.read_bytes()
            except OSError as error:
                raise Refused(f"读不到文件 {file}：{error.strerror}") from error
            area = find_unit(parent, *BUREAUS)
        with refusals_as_errors(self, as_json=as_json):
            done = _load(data, file.name, area, year, options["replace_total"] or "", check_only=check_only)
        summary = f"{'检查通过，没有写入' if done.checked_only else '已写入'}：{area.name}{year}年 {done.rows} 行，"
        summary += f"合计 {done.total} 人" + (f"，比原来的总数 {done.moved:+d} 人" if done.moved else "")
        report = [summary, *(f"需重新分解：{name}" for name in done.reopened)]
        self.stdout.write(json.dumps(asdict(done), ensure_ascii=False) if as_json else "\n".join(report))


def _load(data: bytes, name: str, parent: Unit, year: int, why: str, *, check_only: bool) -> BreakDownResult:
    rows, stated = read_target_file(data, name, parent, year, replaces_total=bool(why))
    try:
        return load_table(
            by=CONSOLE,
            year=year,
            parent=parent,
            rows=rows,
            digest=digest(data),
            source=check_length(name, 200, where="文件名"),
            stated=stated,
            reason=why,
            check_only=check_only,
        )
    except TotalInForce as refusal:
        refusal.now = "请改正后重新导入；如果总数确已调整，请加 --replace-total 理由"
        raise
