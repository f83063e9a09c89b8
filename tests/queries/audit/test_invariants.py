"""Each invariant holds in an honest season, and is reported as broken for a row changed outside the actions."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings

from tests.queries.audit.broken_rows import BREAKS, ID_IN_THE_CLEAR
from tests.support.builders.plans import qualify
from tests.support.builders.policy import add_reference_rules, set_rule
from tests.support.builders.ranked_round import Ranked
from tests.support.personas import called
from yangguang import clock
from yangguang.actions.admissions import check_ins
from yangguang.actions.records import records
from yangguang.actions.reporting import reports
from yangguang.models import (
    MonthlyReport,
    Person,
    Sanction,
    StudentRecord,
    Target,
    ViolationKind,
)
from yangguang.queries.audit.invariants.catalogue import INVARIANTS, check_invariants
from yangguang.queries.reporting.reports import CITY
from yangguang.rules.seasons.windows import SHANGHAI, WindowKind

pytestmark = pytest.mark.django_db


def sql(*statements: str) -> None:
    """Change rows as someone with the database's own power would: triggers and foreign keys off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")


def season() -> Ranked:
    """A whole small season through the actions: chosen, run, published, checked in, recorded, counted, sealed."""
    add_reference_rules()
    personas = called()
    ranked = Ranked.lay(personas)
    set_rule("report.months", list(range(1, 13)))
    qualify(personas.school, personas.season.year, clock.now() - timedelta(days=60))
    ranked.programme("A", 2)
    ranked.programme("B", 1)
    for nth, score in enumerate((600, 590, 580, 570), 1):
        ranked.apply(score, "A", "B", person=ranked.person(f"S{nth}", name=f"某{nth}"))
    ranked.apply(650, "B", name="某五")
    sql("UPDATE yangguang_choiceversion SET recorded_at = recorded_at - interval '5 days'")
    ranked.close()
    ranked.published()
    personas.open(WindowKind.CHECK_IN)
    today = clock.now().astimezone(SHANGHAI).date()
    personas.teacher.sign(
        check_ins.check_in_students,
        school=personas.school,
        numbers=["N0001", "N0002", "N0005"],
        arrived_on=today,
    )
    personas.pe1.sign(records.make_due, season=personas.season)
    Target.objects.create(
        year=personas.season.year,
        sector="education",
        parent=personas.city,
        unit=personas.county,
        label="县",
        position=1,
        number=9,
    )
    set_rule("report.months", [today.month])
    report = personas.ce.sign(
        reports.compute, unit=personas.county, form=CITY, year=personas.season.year, month=today.month
    )
    personas.ce.sign(reports.review, report=report)
    personas.ce.sign(reports.seal, report=report)
    return ranked


@pytest.fixture(scope="module")
def ranked_season(django_db_setup: None, django_db_blocker: Any) -> Iterator[Ranked]:
    """The season, laid once; the transaction of each test is a savepoint inside the one that holds it."""
    with django_db_blocker.unblock(), override_settings(DEMO=True), transaction.atomic():
        yield season()
        transaction.set_rollback(True)


@pytest.fixture
def world(ranked_season: Ranked, db: None) -> Ranked:
    return ranked_season


def broken() -> dict[int, tuple[str, ...]]:
    return {one.number: one.rows for one in check_invariants().broken}


def test_every_invariant_holds_in_an_honest_season(world: Ranked) -> None:
    report = check_invariants()

    assert (report.broken, report.pending) == ([], [17, 20])
    assert len(report.holding) == 24


def test_all_26_are_listed_once() -> None:
    assert [one.number for one in INVARIANTS] == list(range(1, 27))


@pytest.mark.parametrize(
    ("number", "statements"), [(n, s) for n, _, s in BREAKS], ids=[f"{n} {w}" for n, w, _ in BREAKS]
)
def test_a_broken_row_is_reported(world: Ranked, number: int, statements: tuple[str, ...]) -> None:
    sql(*statements)
    rows = broken().get(number, ())

    assert rows != ()
    assert not any(ID_IN_THE_CLEAR in row or "15400001234" in row for row in rows)


OUTSIDE_ACTIONS = {
    "a window that was moved": "UPDATE yangguang_window SET closes_at = closes_at + interval '10 days'",
    "a person moved between two targets": "UPDATE yangguang_target SET number = number + 1",
    "a version that was jumped over": "UPDATE yangguang_plan SET version = version + 2",
    "a row that goes back to an earlier version": "UPDATE yangguang_round SET version = version - 1",
}


@pytest.mark.parametrize("statement", OUTSIDE_ACTIONS.values(), ids=list(OUTSIDE_ACTIONS))
def test_a_versioned_row_the_serving_role_changed_without_a_version_is_reported(world: Ranked, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE yangguang_app")
        cursor.execute(statement)
        cursor.execute("RESET ROLE")
    assert list(broken()) == [12]


def test_a_version_written_twice_does_not_hide_one_that_was_left_out(world: Ranked) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE yangguang_target SET number = number + 1")
        cursor.execute("UPDATE yangguang_target SET version = version + 2")
    assert list(broken()) == [12]


def test_seats_that_flowed_within_their_programme_break_nothing(world: Ranked) -> None:
    world.programme("C", 3, dedicated=2, flows=True)
    sql(
        "UPDATE yangguang_quota SET seats = seats + CASE code WHEN 'general' THEN 1 ELSE -1 END"
        " WHERE programme_id = (SELECT id FROM yangguang_programme WHERE code = 'C')"
    )

    assert broken() == {}


def sanctioned(ranked: Ranked, kind: str, **more: Any) -> Sanction:
    kind_of, _ = ViolationKind.objects.get_or_create(
        year=2023, position=1, defaults={"text": "测试", "source": "测试", "clause": "一"}
    )
    given = {"starts_at": clock.now() - timedelta(days=30), "decided_at": clock.now() - timedelta(days=30)} | more
    return Sanction.objects.create(
        unit=ranked.personas.school,
        kind=kind,
        violation=kind_of,
        state="DECIDED",
        sentence="测试",
        proposed_by_id=ranked.personas.pe1.actor.account,
        decided_by_id=ranked.personas.pe2.actor.account,
        **given,
    )


def test_an_admission_to_a_stopped_school_and_a_choice_of_it_are_reported(world: Ranked) -> None:
    sanctioned(world, "STOP")
    report = broken()
    # Five choices, and the measure itself, which no applicant was informed of.
    assert (len(report[11]), len(report[26])) == (3, 6)


def test_a_stop_that_was_over_or_came_later_breaks_nothing(world: Ranked) -> None:
    now = clock.now()
    sanctioned(world, "STOP", ends_at=now - timedelta(days=20))
    sanctioned(world, "STOP", starts_at=now + timedelta(days=1))

    assert broken() == {}


def test_only_the_admissions_over_the_cap_are_reported(world: Ranked) -> None:
    sanctioned(world, "CAP", cap=5)

    assert broken() == {}
    for cap, admissions, registrations in ((3, 0, 2), (2, 3, 3)):
        sql(f"UPDATE yangguang_sanction SET cap = {cap}")
        sql(f"UPDATE yangguang_sanctionevent SET cap = {cap}")
        report = broken()
        assert (len(report.get(11, ())), len(report[26])) == (admissions, registrations)


def test_a_decision_changed_afterwards_is_reported(world: Ranked) -> None:
    sanctioned(world, "WARN", ends_at=clock.now() + timedelta(days=5))

    assert broken() == {}
    sql("UPDATE yangguang_sanction SET sentence = '别的'")

    assert list(broken()) == [26]


def test_a_half_decided_measure_is_reported(world: Ranked) -> None:
    sanctioned(world, "WARN")
    sql("UPDATE yangguang_sanction SET decided_by_id = NULL", "UPDATE yangguang_sanctionevent SET decided_by_id = NULL")

    assert list(broken()) == [26]


def test_a_running_job_with_a_living_worker_is_no_fault(world: Ranked) -> None:
    sql(
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (clock_timestamp())",
        """INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id)
           SELECT 'default', 'x', 'doing', max(id) FROM procrastinate_workers""",
    )
    assert broken() == {}


def test_digests_and_keyed_numbers_are_not_taken_for_personal_data(world: Ranked) -> None:
    facts = json.dumps({"digest": "ab15400001234cd" * 4, "number": "2420000000000014", "n": 123})
    sql(f"UPDATE yangguang_unit SET source = '{facts}'")

    assert broken() == {}


def test_rows_are_named_by_id_and_only_so_many(world: Ranked) -> None:
    sql(f"UPDATE yangguang_unit SET source = '{ID_IN_THE_CLEAR}'")
    person = Person.objects.earliest("pk")
    Person.objects.filter(pk=person.pk).update(name="15400001234")
    (report,) = check_invariants(only=[25]).broken

    assert report.count == 6
    assert f"yangguang_person.name:{person.pk}" in report.rows


def test_single_invariants_may_be_checked(world: Ranked) -> None:
    report = check_invariants(only=[16, 17])

    assert (report.holding, report.pending, report.broken) == ([16], [17], [])
    assert StudentRecord.objects.count() == 3
    assert MonthlyReport.objects.get().state == "SEALED"
