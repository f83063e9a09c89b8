"""A run whose worker is killed anywhere, cancelled or overtaken by a change: one published result, told once."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from threading import Barrier, Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection, connections

from tests.cast import SHELL, Cast
from tests.planning import qualify
from tests.ranked import Ranked
from yangguang import clock
from yangguang.actions import directory, plans, run_phases, runs
from yangguang.jobs import run_steps
from yangguang.jobs.run_steps import carry_out
from yangguang.models import Admission, AdmissionRun, AuditEntry, Message, PlanBucket, RunProgress
from yangguang.queries.audit import broken_links
from yangguang.queries.invariants import check
from yangguang.queries.rows import fetch_all
from yangguang.reference import rows
from yangguang.rules.refusals import Refused

ROOT = Path(__file__).resolve().parents[2]
KILLS, PEOPLE = 20, 60
# What the minutes of a dead worker do by themselves: its heartbeat grows old.
_AGED = "UPDATE procrastinate_workers SET last_heartbeat = clock_timestamp() - interval '2 minutes'"
_FORGOTTEN = "DELETE FROM procrastinate_jobs"


@pytest.fixture
def laid(troupe: Cast) -> Iterator[Ranked]:
    fetch_all(_FORGOTTEN)
    laid = Ranked.lay(troupe)
    laid.line("A", 20)
    laid.line("B", 15, dedicated=5, flows=True)
    for nth in range(PEOPLE):
        laid.apply(600 - nth // 3, *("AB" if nth % 2 else "BA"))
    laid.close()
    yield laid
    fetch_all(_FORGOTTEN)


class Nursery:
    """Workers with a time to live; first of all, `run` is carried out there without disturbance."""

    def __init__(self, run: AdmissionRun) -> None:
        url = (
            urlsplit(os.environ["DATABASE_URL"])
            ._replace(path=f"/{connection.settings_dict['NAME']}")
            .geturl()
        )
        env = os.environ | {
            "DATABASE_URL": url, "YANGGUANG_DEMO": "1", "DJANGO_SETTINGS_MODULE": "yangguang.settings",
        }  # fmt: skip
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery", str(run.pk)], env=env, cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self._says() == "ready"

    def _says(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def rears(self, seconds: float) -> str:
        assert self.process.stdin is not None
        fetch_all(_AGED)
        self.process.stdin.write(f"{seconds}\n")
        self.process.stdin.flush()
        return self._says()

    def close(self) -> None:
        self.process.communicate(timeout=30)


@pytest.fixture
def nursery(laid: Ranked) -> Iterator[Nursery]:
    made = Nursery(laid.cast.pe1.signs(runs.start, round=laid.round))
    yield made
    made.close()


def until(nursery: Nursery, chance: Random, run: AdmissionRun, state: str) -> int:
    """Kill workers at random points until one came through; how many died."""
    deaths = 0
    for nth in range(2 * KILLS):
        # Each lives a little longer than the one before may have, so that on any machine one comes through.
        said = nursery.rears(chance.uniform(0.02, 0.4 + 0.1 * nth))
        assert said in ("killed", "done"), said
        deaths += said == "killed"
        run.refresh_from_db()
        if run.state == state:
            return deaths
    raise AssertionError(f"the run never became {state}: {run.state} {run.report}")


def test_a_worker_killed_twenty_times_anywhere_leaves_one_result_published_once(
    laid: Ranked, nursery: Nursery
) -> None:
    undisturbed = AdmissionRun.objects.get(state="CHECKED")
    pe1, pe2, chance = laid.cast.pe1, laid.cast.pe2, Random(2024)
    deaths, rounds = 0, 0
    while deaths < KILLS:
        run = pe1.signs(runs.start, round=laid.round)
        deaths += until(nursery, chance, run, "CHECKED")
        assert (run.input_hash, run.output_hash) == (undisturbed.input_hash, undisturbed.output_hash)
        assert run.placements.count() == PEOPLE
        rounds += 1
        assert rounds <= 3 * KILLS
    pe1.does(_compare(), run=run)
    pe1.signs(runs.propose, run=run)
    pe2.signs(runs.approve, run=run)
    pe1.signs(runs.time, run=run, at=clock.now() + timedelta(hours=1))
    AdmissionRun.objects.filter(pk=run.pk).update(publish_at=clock.now())
    until(nursery, chance, run, "PUBLISHED")
    nursery.rears(5)
    nursery.rears(5)
    assert AdmissionRun.objects.filter(state="PUBLISHED").count() == 1
    assert (Admission.objects.count(), Message.objects.filter(event="run.publish").count()) == (40, PEOPLE)
    ends = AuditEntry.objects.filter(subject=f"admissionrun:{run.public_id}").values_list("action", flat=True)
    assert sorted(ends).count("run.finish") == 1 and sorted(ends).count("run.publish_due") == 1
    assert list(broken_links()) == []


def _compare() -> Callable[..., Any]:
    from yangguang.actions import run_reading

    return run_reading.compare


def elsewhere(act: Callable[[], object]) -> None:
    """Do `act` on a connection of its own, and wait for it."""
    errors: list[BaseException] = []

    def alone() -> None:
        try:
            act()
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    thread = Thread(target=alone)
    thread.start()
    thread.join(timeout=20)
    assert not thread.is_alive(), "the officer waits for the job"
    if errors:
        raise errors[0]


@pytest.mark.parametrize("phase", ["freeze", "compute", "check"])
def test_an_officer_cancels_inside_a_phase_without_waiting_for_it(
    laid: Ranked, monkeypatch: pytest.MonkeyPatch, phase: str
) -> None:
    run = laid.cast.pe1.signs(runs.start, round=laid.round)
    real = getattr(run_phases, phase)

    def disturbed(of: AdmissionRun, *args: Any, **kwargs: Any) -> None:
        elsewhere(lambda: laid.cast.pe2.signs(runs.cancel, run=run))
        real(of, *args, **kwargs)

    monkeypatch.setattr(run_phases, phase, disturbed)
    ended = carry_out(run.pk)
    assert (ended.state, ended.report.get("failed")) == ("CANCELLED", None)
    assert run.placements.count() == (PEOPLE if phase == "check" else 0)
    assert not AuditEntry.objects.filter(action__in=("run.finish", "run.fail")).exists()
    monkeypatch.undo()
    assert laid.run().state == "CHECKED"


def test_progress_is_seen_from_outside_while_a_phase_works(
    laid: Ranked, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = laid.cast.pe1.signs(runs.start, round=laid.round)
    real, seen = run_phases.check, []

    def watched(of: AdmissionRun, *, tell: Any) -> None:
        def telling(phase: str, done: int, total: int) -> None:
            tell(phase, done, total)
            elsewhere(
                lambda: seen.append(RunProgress.objects.values_list("phase", "done", "total").get(run=run))
            )

        real(of, tell=telling)

    monkeypatch.setattr(run_phases, "check", watched)
    assert carry_out(run.pk).state == "CHECKED"
    assert seen == [("check", 0, PEOPLE), ("check", PEOPLE, PEOPLE)]


def two_workers(run: AdmissionRun, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two workers who both believe the run is theirs; the errors that stopped one of them."""
    errors: list[str] = []
    monkeypatch.setattr(run_steps, "_give_up", lambda _, error: errors.append(type(error).__name__))

    def works() -> None:
        try:
            carry_out(run.pk)
        finally:
            connections.close_all()

    threads = [Thread(target=works) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return errors


def test_two_workers_on_one_run_do_each_step_once(laid: Ranked, monkeypatch: pytest.MonkeyPatch) -> None:
    run = laid.cast.pe1.signs(runs.start, round=laid.round)
    assert two_workers(run, monkeypatch) == []
    assert AdmissionRun.objects.get(pk=run.pk).state == "CHECKED"
    assert AuditEntry.objects.filter(action="run.finish").count() == 1
    assert run.placements.count() == PEOPLE


def test_without_the_lock_two_workers_get_in_each_others_way(
    laid: Ranked, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, both = run_phases.compute, Barrier(2)

    def meeting(*args: Any, **kwargs: Any) -> Any:
        both.wait(timeout=20)
        return real(*args, **kwargs)

    monkeypatch.setattr(run_phases, "compute", meeting)
    monkeypatch.setattr(run_steps, "fetch_one", lambda *_: None)
    run = laid.cast.pe1.signs(runs.start, round=laid.round)
    assert two_workers(run, monkeypatch) != []


@pytest.fixture
def planned(laid: Ranked) -> Ranked:
    """The school is on the year's list, and the rules about plans are there: its plan may also grow."""
    keys = ("own_test.", "permission.", "school.")
    directory.load(by=SHELL, rules=[row for row in rows("policy_rules") if row["key"].startswith(keys)])
    qualify(laid.cast.school, laid.cast.season.year)
    return laid


def changed_by_two(laid: Ranked, bucket: PlanBucket, seats: int) -> None:
    """The plan's seats after its publication: one officer asks for it and cannot approve it, another does."""
    line = bucket.plan_line
    asked = {"plan": line.plan, "line": line, "seats": {bucket.code: seats}, "reason": "测试"}
    with pytest.raises(Refused, match="另一个人批准"):
        for _ in range(2):
            laid.cast.pe1.signs(plans.change_after_open, **asked)
    laid.cast.pe2.signs(plans.change_after_open, **asked)
    bucket.refresh_from_db()
    assert bucket.seats == seats


@pytest.mark.parametrize("phase", ["freeze", "compute", "check"])
@pytest.mark.parametrize("seats", [10, 30], ids=["down", "up"])
def test_a_quota_changed_by_two_people_during_a_run_never_oversells(
    planned: Ranked, monkeypatch: pytest.MonkeyPatch, phase: str, seats: int
) -> None:
    """Before the freeze the run sees it; afterwards a cut ends the publication, and more seats stay free."""
    real, bucket = getattr(run_phases, phase), PlanBucket.objects.get(plan_line__code="A")
    before = bucket.seats

    def disturbed(*args: Any, **kwargs: Any) -> None:
        elsewhere(lambda: changed_by_two(planned, bucket, seats))
        real(*args, **kwargs)

    monkeypatch.setattr(run_phases, phase, disturbed)
    run = planned.approved()
    monkeypatch.undo()
    seen = seats if phase == "freeze" else before
    assert run.placements.filter(plan_line__code="A").count() == seen
    if seats < seen:
        with pytest.raises(Refused, match="运算之后，计划行A的名额减少了，按这次结果会超计划录取"):
            planned.cast.pe1.signs(runs.publish, run=run)
        assert (Admission.objects.count(), Message.objects.count()) == (0, 0)
        run, seen = planned.approved(), seats
    planned.cast.pe1.signs(runs.publish, run=run)
    bucket.refresh_from_db()
    assert (bucket.seats, bucket.taken) == (seats, seen)
    assert Admission.objects.filter(plan_line__code="A").count() == seen
    assert [one.number for one in check((1, 2, 9, 10, 18, 24)).broken] == []
