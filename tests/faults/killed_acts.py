"""Bulk acts, each built from the rows of the database, so that a test and a process that is killed do the same.

As a program: `python -m tests.faults.killed_acts NAME` prepares and signs the act, prints "ready", waits for a line,
executes and prints "done".
"""

import json
import sys
from collections.abc import Callable
from datetime import timedelta

import django

Execute = Callable[[], object]


def sign(username: str, action_path: str, **kwargs: object) -> Execute:
    """The act of an officer, signed and not executed."""
    from importlib import import_module

    from tests.support.clients import OfficerClient
    from yangguang.actions.accounts import step_up_requests

    module, name = action_path.split(":")
    action, who = getattr(import_module(f"yangguang.actions.{module}"), name), OfficerClient(username)
    act = action.prepare(by=who.actor, **kwargs)
    if not act.needs_step_up:
        return act.execute  # type: ignore[no-any-return]
    options = step_up_requests.challenge(by=who.actor, act=action.spec.name, content=act.content)
    return act.with_step_up(assertion=json.dumps(who.key.sign(options))).execute  # type: ignore[no-any-return]


def load_scores(by: str) -> Execute:
    from tests.support.builders.enrolment import id_number
    from yangguang.actions.applicants.exam_results import ExamRow
    from yangguang.models import Season

    rows = [ExamRow(id_number(serial), (500, 90, 90, 90)) for serial in range(50)]
    year = Season.objects.get().year
    return sign(by, "applicants.exam_results:load", year=year, rows=rows, digest="1" * 64)


def publish_list(by: str) -> Execute:
    from yangguang.models import Season, Unit

    schools = list(Unit.objects.filter(level="SCHOOL", name__startswith="新校").order_by("pk"))
    listed = {"year": Season.objects.get().year, "basis": "测试文件", "schools": schools}
    return sign(by, "organisation.directory:publish_list", **listed)


def load_outside_list(by: str) -> Execute:
    from tests.support.builders.enrolment import id_number
    from yangguang.actions.applicants.duplicates import OutsideRow
    from yangguang.models import Season
    from yangguang.rules.organisation.external_registers import Register

    rows = [OutsideRow(id_number(serial), "某甲", "某高中") for serial in range(50)]
    listed = {"season": Season.objects.get(), "register": Register.HIGH_SCHOOL, "rows": rows, "digest": "2" * 64}
    return sign(by, "applicants.duplicates:load_outside", **listed)


def load_board_results(by: str) -> Execute:
    from tests.support.builders.enrolment import id_number
    from yangguang.actions.admissions.exam_board_results import ImportedRow
    from yangguang.models import Round

    rows = [ImportedRow(at, id_number(at), "某甲", "甲市第一职业学校", "学前教育") for at in range(2, 52)]
    loaded = {"round": Round.objects.get(kind="imported"), "rows": rows, "digest": "3" * 64}
    return sign(by, "admissions.exam_board_results:load", **loaded)


def set_targets(by: str) -> Execute:
    from yangguang.models import Season, Unit
    from yangguang.rules.reporting.targets import TargetRow

    rows = [TargetRow(1, "甲市一县", 60), TargetRow(2, "其他学校", 40)]
    city = Unit.objects.get(name="甲市")
    year = Season.objects.get().year
    return sign(by, "reporting.targets:set_children", year=year, parent=city, rows=rows, source="测试", seen="0")


def save_plan(by: str) -> Execute:
    from tests.support.builders.plans import programme
    from yangguang.models import Season, Unit

    school, majors = Unit.objects.get(name="甲市第一职业学校"), [programme(f"专业{n}", 5) for n in range(20)]
    plan = {"school": school, "season": Season.objects.get(), "capacity": 300, "programmes": majors, "seen": "0"}
    return sign(by, "plans.plans:draft", **plan)


def publish_root(by: str) -> Execute:
    from tests.support.personas import SHELL
    from yangguang import clock
    from yangguang.actions.audit.audit_roots import publish_root

    return publish_root.prepare(by=SHELL, day=(clock.now() - timedelta(days=1)).date()).execute


ACTS: dict[str, tuple[Callable[[str], Execute], tuple[str, ...]]] = {
    "scores": (load_scores, ("pe1", "pe2")),
    "list of schools": (publish_list, ("pe1", "pe2")),
    "outside list": (load_outside_list, ("pe1",)),
    "exam board": (load_board_results, ("pe1", "pe2")),
    "targets": (set_targets, ("me",)),
    "plan": (save_plan, ("teacher",)),
    "nightly root": (publish_root, ("",)),
}
"""Name → the act, and who signs it one after the other; the last one does it."""


def main() -> None:
    django.setup()
    lay, officers = ACTS[sys.argv[1]]
    execute = lay(officers[-1])
    print("ready", flush=True)
    sys.stdin.readline()
    execute()
    print("done", flush=True)


if __name__ == "__main__":
    main()
