"""`yangguang demo`: simulate a season if there is none, then serve the site; `--once` simulates again and exits."""

import json
import os
import sys
from argparse import ArgumentParser, ArgumentTypeError
from functools import partial

from django.conf import settings
from django.core.management.base import BaseCommand

from yangguang.localdb import revive
from yangguang.localdb.processes import serve
from yangguang.models import Application
from yangguang.simulation import runner
from yangguang.simulation.personas import list_missing_steps
from yangguang.simulation.population import MAX_STUDENTS


def report(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def student_count(text: str) -> int:
    """The number of students, checked before the database is emptied."""
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= MAX_STUDENTS):
        raise ArgumentTypeError(f"学生人数应为 1 至 {MAX_STUDENTS:,} 的整数")
    return int(text)


class Command(BaseCommand):
    help = "演示：放入真实数据、走完一整个招生季；不带 --once 时随后打开网站，直到按 Ctrl-C"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="重新走一遍招生季，然后退出")
        parser.add_argument("--applicants", type=student_count, default=6000, help="学生人数，默认 6000")
        parser.add_argument("--seed", type=int, default=2024, help="种子；同一种子得到同一结果")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: object, once: bool, applicants: int, seed: int, port: int, **options: object) -> None:
        if once or not runner.is_finished():
            outcome = runner.run_season(applicants, seed, report)
            self.stdout.write(json.dumps(outcome, ensure_ascii=False, indent=None if options["json"] else 2))
            if outcome["invariants"]["broken"]:
                raise SystemExit(1)
        if not once:
            runner.show_the_day()
            report_missing_personas()
            environment = os.environ | {"DATABASE_ROLE": runner.ROLE, "YANGGUANG_DEMO": "1"}
            keep = partial(keep_running, environment["DATABASE_URL"], runner.InstantNotes())
            code = serve(environment, port, _announce, keep)
            runner.note_the_instant()
            raise SystemExit(code)


def keep_running(url: str, notes: runner.InstantNotes) -> None:
    """Start the database again when it died, and note how far the clock went."""
    revive(settings.VAR, url)
    notes.note_due()


def report_missing_personas() -> None:
    """Print which students of the front page are missing, and why."""
    if missing := list_missing_steps():
        students = Application.objects.count()
        report(f"首页上缺少 {len(missing)} 个学生身份：{'、'.join(f'“{label}”' for label in missing)}。")
        report(f"  {students:,} 名学生里没有人处在这些步骤；换人数或种子重新走一遍，会有不同：")
        report("  make demo-reset ARGS='--applicants 3000 --seed 7'")


def _announce(url: str) -> None:
    report(f"\n阳光招生（演示）已就绪：{url}\n按 Ctrl-C 停止")
