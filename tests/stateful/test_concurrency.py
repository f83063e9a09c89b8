"""Two acts at the same instant, stopped at the worst point between check and act; and the same with the guard away."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.db import connection

from tests.support.builders.crowd import at_once
from tests.support.builders.ranked_round import Ranked
from tests.support.personas import Personas, officer
from yangguang.actions.base import action
from yangguang.actions.plans import plans
from yangguang.actions.runs import publication, runs
from yangguang.models import AdmissionRun, AuditEntry, Plan, Quota
from yangguang.queries.audit.invariants.catalogue import check_invariants
from yangguang.rules.accounts.roles import Role
from yangguang.rules.base.refusals import IllegalMove, Refused

GIVEN, LEFT = 4, 2


@pytest.fixture
def approved(personas: Personas) -> tuple[Ranked, AdmissionRun]:
    """Four seats for six applicants, one step before publication."""
    laid = Ranked.lay(personas)
    laid.programme("A", GIVEN)
    for nth in range(6):
        laid.apply(600 - nth, "A")
    laid.close()
    return laid, laid.approved()


def published_while_the_plan_is_cut(laid: Ranked, run: AdmissionRun, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The publication has counted the seats; now two are struck from the plan, and it goes on a second later."""
    looked, changed = threading.Event(), threading.Event()
    real = publication._require_seats
    params = {
        "plan": Plan.objects.get(),
        "programme": laid.programmes["A"],
        "seats": {"general": LEFT},
        "reason": "测试",
    }
    laid.personas.pe1.sign(plans.change_after_open, **params)

    def looks(*args: Any) -> None:
        real(*args)
        looked.set()
        changed.wait(1)

    def cuts() -> object:
        try:
            assert looked.wait(10)
            return laid.personas.pe2.sign(plans.change_after_open, **params)
        finally:
            changed.set()

    monkeypatch.setattr(publication, "_require_seats", looks)
    return at_once([lambda: laid.personas.pe1.sign(runs.publish, run=run), cuts], 2)


@contextmanager
def without_the_last_guard() -> Iterator[None]:
    """The database no longer refuses one seat too many."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE yangguang_quota DROP CONSTRAINT quota_never_over")
    try:
        yield
    finally:
        Quota.objects.update(taken=0)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE yangguang_quota ADD CONSTRAINT quota_never_over CHECK (taken <= seats)")


def test_a_plan_is_not_cut_under_a_publication(
    approved: tuple[Ranked, AdmissionRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    done, cut = published_while_the_plan_is_cut(*approved, monkeypatch)

    assert isinstance(done, AdmissionRun)
    assert done.state == "PUBLISHED"
    assert isinstance(cut, Refused)
    assert "不能调到2" in cut.what
    assert Quota.objects.values_list("seats", "taken").get() == (GIVEN, GIVEN)
    assert [one.number for one in check_invariants((1, 2, 9, 10, 18, 24)).broken] == []


def test_without_the_lock_the_plan_shrinks_below_what_is_given(
    approved: tuple[Ranked, AdmissionRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publication, "lock_quotas", lambda *_: None)
    with without_the_last_guard():
        published_while_the_plan_is_cut(*approved, monkeypatch)
        assert Quota.objects.values_list("seats", "taken").get() == (LEFT, GIVEN)


def test_a_plan_cut_after_the_run_ends_the_publication(approved: tuple[Ranked, AdmissionRun]) -> None:
    laid, run = approved
    params = {
        "plan": Plan.objects.get(),
        "programme": laid.programmes["A"],
        "seats": {"general": LEFT},
        "reason": "测试",
    }
    laid.personas.pe1.sign(plans.change_after_open, **params)
    laid.personas.pe2.sign(plans.change_after_open, **params)
    with pytest.raises(Refused, match="计划行A的名额减少了"):
        laid.personas.pe1.sign(runs.publish, run=run)
    again = laid.published()

    assert (again.number, Quota.objects.get().taken) == (2, LEFT)


def published_by_two(personas: Personas, run: AdmissionRun, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Both officers have seen the run approved before either goes on."""
    both, real = threading.Barrier(2), runs.publish_now

    def meets(*args: Any) -> AdmissionRun:
        with suppress(threading.BrokenBarrierError):
            both.wait(1)
        return real(*args)

    monkeypatch.setattr(runs, "publish_now", meets)
    other = officer("pe3", Role.PROVINCE_EDUCATION, personas.province)
    acts: list[Callable[[], Any]] = [lambda who=who: who.sign(runs.publish, run=run) for who in (personas.pe1, other)]
    return at_once(acts, 2)


def publications() -> int:
    return AuditEntry.objects.filter(action="run.publish", outcome="DONE").count()


def test_of_two_officers_at_the_same_instant_one_publishes(
    approved: tuple[Ranked, AdmissionRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    laid, run = approved
    answers = published_by_two(laid.personas, run, monkeypatch)

    assert sorted(type(one).__name__ for one in answers) == [AdmissionRun.__name__, IllegalMove.__name__]

    run.refresh_from_db()

    assert (publications(), run.counts["admitted"], run.report["skipped"]) == (1, GIVEN, [])


def test_without_the_locked_row_both_publish_and_the_second_finds_nobody_left(
    approved: tuple[Ranked, AdmissionRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    laid, run = approved

    def unlocked(spec: action.ActionSpec, by: Any, row: Any, seen: int | None) -> Any:
        return type(row).objects.select_related("round__season").get(pk=row.pk)

    monkeypatch.setattr(action.ActionSpec, "lock_subject", unlocked)
    answers = published_by_two(laid.personas, run, monkeypatch)

    assert [type(one) for one in answers] == [AdmissionRun, AdmissionRun]

    run.refresh_from_db()

    assert (publications(), run.counts["admitted"], len(run.report["skipped"])) == (2, 0, GIVEN)
