"""`yangguang load-targets FILE --year Y --parent NAME`: one table of targets, all of it or nothing. ([S24] 附件1)"""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yangguang.actions.target_files import read_table
from yangguang.actions.targets import load_table
from yangguang.queries.units import bureau_named
from yangguang.rules.actors import Actor
from yangguang.rules.refusals import Refused
from yangguang.rules.roles import Role
from yangguang.sheets import digest


class Command(BaseCommand):
    help = "导入招生任务分解表（附件1 格式的 xlsx 或 csv）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--parent", required=True, help="下达任务的单位，例如 郑州市")
        parser.add_argument("--check-only", action="store_true", help="只检查，不写入")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        path, year, check_only = options["file"], options["year"], options["check_only"]
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CommandError(f"读不到文件 {path}：{error.strerror}", returncode=2) from error
        try:
            parent = bureau_named(options["parent"])
            rows, stated = read_table(data, path.name, parent, year)
            done = load_table(
                by=Actor(role=Role.OPERATOR, name="命令行"), year=year, parent=parent, rows=rows,
                digest=digest(data), source=path.name[:200], stated=stated, check_only=check_only,
            )  # fmt: skip
        except Refused as refusal:
            faults = [
                f"{row.where}：{row}" if row.where else str(row) for row in getattr(refusal, "rows", [])
            ]
            self._end({"refused": str(refusal), "rows": faults}, [str(refusal), *faults], options["json"], 1)
        says = f"{'检查通过，没有写入' if check_only else '已写入'}：{parent.name}{year}年 {done.rows} 行，"
        says += f"合计 {done.total} 人"
        self._end(
            asdict(done), [says, *(f"需重新分解：{name}" for name in done.reopened)], options["json"], 0
        )

    def _end(self, document: dict[str, Any], lines: list[str], as_json: bool, code: int) -> None:
        if as_json:
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        elif code == 0:
            self.stdout.write("\n".join(lines))
        if code:
            sys.stderr.write("" if as_json else "\n".join(lines) + "\n")
            raise SystemExit(code)
