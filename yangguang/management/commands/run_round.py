"""`yangguang run-round ROUND [--what-if]`: compute a round from the console. (F-D2, F-D4)"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from yangguang.actions.runs import runs
from yangguang.jobs.run_steps import carry_out
from yangguang.management.console import BAD_ARGUMENT, refusals_as_errors
from yangguang.models import Account, AdmissionRun, Round
from yangguang.queries.runs.runs import find_round_by_text
from yangguang.rules.accounts.actors import CONSOLE
from yangguang.rules.base.refusals import Refused
from yangguang.rules.runs import run_states
from yangguang.web.kit.demonstration import get_demonstration


class Command(BaseCommand):
    help = "运行一个批次的录取；正式运算须工作人员用优盾发起，控制台在演示环境代为签名"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("round", help="当前招生季批次的序号或名称")
        parser.add_argument("--what-if", action="store_true", help="试算：只给出数字，不能公布")
        parser.add_argument("--officer", default="", help="演示环境中发起正式运算的账号；不填由省教育厅发起")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        with refusals_as_errors(self, as_json=options["json"], code=BAD_ARGUMENT):
            round = find_round_by_text(options["round"])
            _require_account(options["officer"])
        with refusals_as_errors(self, as_json=options["json"]):
            run = self._run(round, options)
        passed = run.state == run_states.CHECKED and run.report["held"]
        copied = ("number", "state", "input_hash", "output_hash", "counts", "report")
        document = {
            "round": run.round.name,
            "run": str(run.public_id),
            "what_if": run.is_what_if,
            "held": passed,
            **{name: getattr(run, name) for name in copied},
        }
        if options["json"]:
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        else:
            failed, placed = run.report.get("failed", ""), run.counts.get("placed", 0)
            state = f"{run.round.name}第{run.number}次运算：{run.get_state_display()}，{failed}"
            counts = f"{placed}/{run.counts.get('persons', 0)}人有录取，摘要 {run.output_hash}"
            self.stdout.write(state + counts)
        if not passed:
            raise SystemExit(1)

    def _run(self, round: Round, options: dict[str, Any]) -> AdmissionRun:
        if options["what_if"]:
            return carry_out(runs.what_if(by=CONSOLE, round=round).pk)
        return carry_out(get_demonstration().start_run(round, options["officer"]).pk)


def _require_account(username: str) -> None:
    if username and not Account.objects.filter(username=username).exists():
        raise Refused(f"没有登录名为“{username}”的账号", now="请核对登录名")
