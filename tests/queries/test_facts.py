"""Each view and function of `migrations/sql` gives what the conditions that it stands for gave."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest

from tests.support.builders.ranked_round import Ranked
from tests.support.personas import Personas, personas
from yangguang import clock
from yangguang.models import (
    Account,
    Admission,
    Person,
    PolicyRule,
    Sanction,
    SeatClaim,
    ViolationKind,
    Window,
    WindowException,
)
from yangguang.postgres.sql import fetch_all
from yangguang.rules.admissions import admission_states, claim_states
from yangguang.rules.seasons.windows import WindowKind
from yangguang.rules.supervision.sanctions import Measure

__all__ = ["personas"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def ranked(personas: Personas) -> Ranked:
    laid = Ranked.lay(personas)
    laid.programme("A", 9)
    for at in range(9):
        laid.apply(600 - at, "A")
    laid.close()
    return laid


def ids(sql: str) -> list[int]:
    return sorted(row[0] for row in fetch_all(sql))


def every_state(rows: Iterable[Admission | SeatClaim], paths: Iterable[tuple[str, ...]]) -> None:
    """Bring each row along one path of states, so that each state is taken at least once."""
    for row, path in zip(rows, paths, strict=False):
        for state in path:
            more = {"checked_in_at": clock.now()} if state == admission_states.CHECKED_IN else {}
            type(row).objects.filter(pk=row.pk).update(state=state, **more)


def test_live_admission_holds_those_whose_seat_is_held(ranked: Ranked) -> None:
    ranked.published()
    rows = list(Admission.objects.order_by("pk"))
    every_state(rows, [(move.to,) for move in admission_states.TRANSITIONS.table if move.to != "RELEASED"])
    every_state(rows[-1:], [("ACCEPTED", "RELEASED")])

    found = ids("SELECT id FROM live_admission")

    assert set(Admission.objects.values_list("state", flat=True)) == set(admission_states.TRANSITIONS.states)
    live = Admission.objects.filter(state__in=admission_states.LIVE)

    assert found == sorted(live.values_list("pk", flat=True))


def test_live_claim_holds_those_that_hold_a_seat(ranked: Ranked) -> None:
    ranked.published()
    every_state(SeatClaim.objects.order_by("pk"), [("CONFIRMED",), ("RELEASED",)])

    found = ids("SELECT id FROM live_claim")

    assert set(SeatClaim.objects.values_list("state", flat=True)) == set(claim_states.TRANSITIONS.states)
    live = SeatClaim.objects.filter(state__in=claim_states.LIVE)

    assert found == sorted(live.values_list("pk", flat=True))


def test_the_root_of_a_person_is_the_one_it_was_merged_into_or_itself(ranked: Ranked) -> None:
    root, merged = ranked.person("P1"), ranked.person("P2")
    Person.objects.filter(pk=merged.pk).update(merged_into=root)

    roots = dict(Person.objects.filter(pk__in=[root.pk, merged.pk]).values_list("pk", "root_id"))

    assert roots == {root.pk: root.pk, merged.pk: root.pk}


def window(ranked: Ranked, kind: WindowKind, days: int, *, own: bool) -> Window:
    return Window.objects.create(
        season=ranked.personas.season,
        round=ranked.round if own else None,
        kind=kind.value,
        opens_at=clock.now(),
        closes_at=clock.now() + timedelta(days=days),
    )


def effective(ranked: Ranked, round: int | None, kind: WindowKind, people: list[int] | None = None) -> list[object]:
    sql = "SELECT id, opens_at, closes_at FROM effective_window(%s, %s, %s, %s)"
    return fetch_all(sql, (ranked.personas.season.pk, round, kind.value, people))  # type: ignore[return-value]


def test_a_round_stands_under_its_own_window_else_under_its_seasons(ranked: Ranked) -> None:
    season_answer = window(ranked, WindowKind.ANSWER, 3, own=False)
    season_check_in = window(ranked, WindowKind.CHECK_IN, 3, own=False)
    own = window(ranked, WindowKind.CHECK_IN, 5, own=True)

    found = [
        effective(ranked, ranked.round.pk, WindowKind.ANSWER),
        effective(ranked, ranked.round.pk, WindowKind.CHECK_IN),
        effective(ranked, None, WindowKind.CHECK_IN),
        effective(ranked, ranked.round.pk, WindowKind.WAITING),
    ]

    def row(of: Window) -> tuple[object, ...]:
        return of.pk, of.opens_at, of.closes_at

    assert found == [[row(season_answer)], [row(own)], [row(season_check_in)], []]


def test_a_window_closes_later_for_those_who_were_given_time(ranked: Ranked) -> None:
    made = window(ranked, WindowKind.ANSWER, 3, own=True)
    one, other = ranked.person("P1"), ranked.person("P2")
    first, second = Account.objects.filter(username__in=["pe1", "pe2"])
    for days in (4, 9, 1):
        WindowException.objects.create(
            window=made,
            person=one,
            until=clock.now() + timedelta(days=days),
            reason="测试",
            proposed_by=first,
            approved_by=second,
        )

    ends = [
        effective(ranked, ranked.round.pk, WindowKind.ANSWER, people)[0][2]  # type: ignore[index]
        for people in ([one.pk], [other.pk], [other.pk, one.pk], None)
    ]

    latest = max(WindowException.objects.values_list("until", flat=True))

    assert ends == [latest, made.closes_at, latest, made.closes_at]


def measure(
    personas: Personas, sentence: str, starts: datetime, ends: datetime | None, *, decided_at: datetime | None
) -> None:
    proposer, approver = Account.objects.filter(username__in=["pe1", "pe2"])
    Sanction.objects.create(
        unit=personas.school,
        kind=Measure.WARN,
        violation=ViolationKind.objects.get_or_create(year=2023, position=1, text="严禁", source="测试", clause="一")[
            0
        ],
        state="DECIDED" if decided_at else "PROPOSED",
        sentence=sentence,
        starts_at=starts,
        ends_at=ends,
        proposed_by=proposer,
        decided_by=approver if decided_at else None,
        decided_at=decided_at,
    )


def rule(key: str, value: int, starts: str, ends: str | None = None, scope: str = "") -> None:
    PolicyRule.objects.create(key=key, applies_to=scope, value=value, valid_from=starts, valid_to=ends, source="测试")


def in_force(instant: str) -> list[tuple[object, ...]]:
    sql = "SELECT key, applies_to, value::text FROM rule_in_force(%s::timestamptz, %s) ORDER BY key, applies_to"
    return fetch_all(sql, (instant, ["test.a", "test.b"]))


def test_of_each_key_and_scope_the_rule_that_began_last_is_in_force(db: None) -> None:
    rule("test.a", 1, "2021-01-01")
    rule("test.a", 2, "2026-06-01")
    rule("test.a", 3, "2026-06-11")
    rule("test.a", 4, "2021-01-01", scope="甲市")
    rule("test.b", 5, "2021-01-01", "2026-06-09")
    rule("test.c", 6, "2021-01-01")

    found = [in_force(f"2026-06-{day}T04:00:00Z") for day in ("09", "10", "11")]

    city = ("test.a", "甲市", "4")

    assert found == [
        [("test.a", "", "2"), city, ("test.b", "", "5")],
        [("test.a", "", "2"), city],
        [("test.a", "", "3"), city],
    ]


def test_a_rule_begins_at_midnight_in_beijing(db: None) -> None:
    rule("test.a", 1, "2021-01-01", "2026-06-09")
    rule("test.a", 2, "2026-06-10")

    found = [in_force(f"2026-06-09T{hour}Z") for hour in ("15:59:59", "16:00:00")]

    assert found == [[("test.a", "", "1")], [("test.a", "", "2")]]


def test_a_measure_is_in_force_once_decided_from_its_start_to_its_end(personas: Personas) -> None:
    at, day = clock.now(), timedelta(days=1)
    spans = {
        "from now on": (at, None),
        "until tomorrow": (at - day, at + day),
        "ended now": (at - day, at),
        "from tomorrow": (at + day, None),
    }
    for sentence, (starts, ends) in spans.items():
        measure(personas, sentence, starts, ends, decided_at=at)
    measure(personas, "not decided", at - day, None, decided_at=None)

    found = [
        [row.sentence for row in fetch_all("SELECT sentence FROM measure_in_force(%s) ORDER BY id", [instant])]
        for instant in (at - timedelta(microseconds=1), at, at + day)
    ]

    assert found == [[], ["from now on", "until tomorrow"], ["from now on", "from tomorrow"]]


@pytest.mark.parametrize(
    "call",
    [
        "effective_window(1, 2, 'choices', ARRAY[3])",
        "rule_in_force(now(), ARRAY['round.tie_order'])",
        "measure_in_force(yg_now())",
    ],
)
def test_the_planner_sees_through_the_functions(db: None, call: str) -> None:
    plan = "\n".join(row[0] for row in fetch_all(f"EXPLAIN SELECT * FROM {call}"))

    assert "Function Scan" not in plan
