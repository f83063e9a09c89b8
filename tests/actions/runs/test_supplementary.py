"""补录 as often as needed: only persons without a seat, only seats that are left at the opening.
(S24-2.05, R3.06, F-D9)
"""

import pytest

from tests.support.builders.ranked_round import Ranked
from tests.support.clients import approve_by_two
from tests.support.personas import Personas
from yangguang import clock
from yangguang.actions.admissions import seats as seating
from yangguang.actions.runs.rounds import open_round
from yangguang.models import Admission, Application, Quota, Round, SeatClaim
from yangguang.queries.audit.invariants.catalogue import check_invariants
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.runs.rounds import RoundKind

pytestmark = pytest.mark.django_db


def opens(before: Ranked, number: int, kind: RoundKind = RoundKind.SUPPLEMENTARY_RANKED) -> Ranked:
    """The next supplementary round, opened by the real act: programmes and seats are what is left now."""
    personas = before.personas
    round: Round = approve_by_two(personas.pe1, personas.pe2, open_round, **terms(before, number, kind))
    return Ranked(personas, round, before.programmes, before.count)


def terms(before: Ranked, number: int, kind: RoundKind) -> dict[str, object]:
    named = {"name": f"第{number - 2}次补录", "kind": kind, "programme_types": [ProgrammeType.THREE_YEAR]}
    return {"season": before.personas.season, "number": number, **named}


def offered(laid: Ranked) -> dict[str, int]:
    return dict(laid.round.programmes.order_by("programme__code").values_list("programme__code", "seats"))


def chooses(laid: Ranked, number: str, *codes: str) -> None:
    laid.choose(Application.objects.get(number=number), *codes)


def seated() -> dict[str, str]:
    live = Admission.objects.filter(state="OFFERED")
    return dict(live.values_list("application__number", "programme__code"))


@pytest.fixture
def main(personas: Personas) -> Ranked:
    """A main round: A 2, B 2 and C 1 seats; six applicants; published."""
    laid = Ranked.lay(personas)
    for code, seats in (("A", 2), ("B", 2), ("C", 1)):
        laid.programme(code, seats, school=laid.school(f"学校{code}"))
    for score, codes in ((600, "A"), (590, "A"), (580, "A"), (570, "AB"), (560, "A"), (550, "A")):
        laid.apply(score, *codes)
    return laid


def test_round_after_round_takes_the_seats_left_for_applicants_without_one(main: Ranked) -> None:
    main.close()
    main.published()

    assert seated() == {"N0001": "A", "N0002": "A", "N0004": "B"}
    first = opens(main, 3)

    assert offered(first) == {"B": 1, "C": 1}
    for number in ("N0001", "N0003", "N0005"):
        chooses(first, number, "B", "C")
    first.close()
    run = first.published()

    assert first.placed(run) == {"N0001": None, "N0003": "B", "N0005": "C"}
    # An applicant gives up a seat: the next round has it, the round before keeps what it was opened with.
    gone = Admission.objects.get(application__number="N0001")
    seating.release_seats([gone.pk], Admission.Cause.STUDENT)
    Admission.objects.filter(pk=gone.pk).update(state="DECLINED", ended_at=clock.now())
    second = opens(first, 4)

    assert (offered(second), offered(first)) == ({"A": 1}, {"B": 1, "C": 1})
    for number in ("N0001", "N0006"):
        chooses(second, number, "A")
    second.close()

    assert second.placed(second.published()) == {"N0001": "A", "N0006": None}
    with pytest.raises(Refused, match="没有一行可以招生的计划"):
        opens(second, 5)

    assert dict(Quota.objects.values_list("programme__code", "taken")) == {"A": 2, "B": 2, "C": 1}
    assert SeatClaim.objects.filter(state="HELD").count() == 5
    assert check_invariants([1, 2, 9, 10, 18, 23]).broken == []


@pytest.mark.parametrize("kind", [RoundKind.SUPPLEMENTARY_RANKED, RoundKind.SUPPLEMENTARY_DIRECT])
def test_no_supplementary_round_opens_before_it_is_known_who_is_without_a_seat(main: Ranked, kind: RoundKind) -> None:
    main.close()
    with pytest.raises(Refused, match="“第2批”的结果还没有公布，不能开设补录"):
        opens(main, 3, kind)

    assert Round.objects.count() == 1
    main.published()
    # The first officer's proposal still stands, and now the second one's signature opens the round.
    round = main.personas.pe2.sign(open_round, **terms(main, 3, kind)).result

    assert dict(round.programmes.values_list("programme__code", "seats")) == {"B": 1, "C": 1}


def test_a_seat_that_is_offered_to_the_waiting_list_is_not_left_over(main: Ranked) -> None:
    main.close()
    main.published()
    # An open offer holds its seat, so that a round opened meanwhile does not count it.
    Quota.objects.filter(programme__code="C").update(taken=1)

    assert offered(opens(main, 3)) == {"B": 1}
