"""Opening a round puts the seats left at that instant into it, once."""

from decimal import Decimal

import pytest

from tests.support.builders.plans import programme, published, ready
from tests.support.builders.policy import set_rule
from tests.support.clients import approve_by_two
from tests.support.personas import Personas, unit
from yangguang import clock
from yangguang.actions.runs.rounds import open_round
from yangguang.models import Quota, Round, RoundProgramme, Sanction, ViolationKind
from yangguang.rules.applicants.origins import Origin
from yangguang.rules.base.refusals import IllegalMove, Refused
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.runs.rounds import RoundKind

pytestmark = pytest.mark.django_db


def opened(personas: Personas, number: int = 1, **more: object) -> Round:
    terms = {"name": "集中录取", "kind": RoundKind.RANKED, "programme_types": [ProgrammeType.THREE_YEAR]}
    return approve_by_two(
        personas.pe1, personas.pe2, open_round, season=personas.season, number=number, **(terms | more)
    )


def inside(round: Round) -> list[tuple[str, int]]:
    return list(round.programmes.order_by("programme__code").values_list("programme__major", "seats"))


def test_programmes_of_the_rounds_programme_types_go_in_with_the_seats_left(personas: Personas) -> None:
    published(
        ready(personas),
        programme("护理", 50),
        programme("会计事务", 40),
        programme("汽修", 7),
        programme("护理", 30, programme_type=ProgrammeType.ONE_YEAR, years=Decimal(1)),
    )
    Quota.objects.filter(programme__major="会计事务").update(taken=15)
    Quota.objects.filter(programme__major="汽修").update(taken=7)
    round = opened(personas)

    assert inside(round) == [("护理", 50), ("会计事务", 25)]
    assert round.opened_at == clock.now()


def test_only_programmes_open_to_somebody_the_round_admits(personas: Personas) -> None:
    published(ready(personas), programme("护理"), programme("会计事务", origins=(Origin.VETERAN,)))
    assert inside(opened(personas, origins=[Origin.JUNIOR_THIS_YEAR])) == [("护理", 50)]


def test_a_stopped_school_takes_no_part(personas: Personas) -> None:
    published(ready(personas))
    kind = ViolationKind.objects.create(year=2023, position=1, text="严禁", source="测试", clause="一")
    accounts = [personas.pe1.actor.account, personas.pe2.actor.account]
    Sanction.objects.create(
        unit=personas.school,
        kind="STOP",
        violation=kind,
        state="DECIDED",
        sentence="停止招生",
        starts_at=clock.now(),
        proposed_by_id=accounts[0],
        decided_by_id=accounts[1],
        decided_at=clock.now(),
    )
    with pytest.raises(Refused, match="没有一行可以招生的计划"):
        opened(personas)

    assert (Round.objects.count(), RoundProgramme.objects.count()) == (0, 0)


def test_a_planned_round_opens_with_its_own_terms_and_only_once(personas: Personas) -> None:
    published(ready(personas))
    planned = Round.objects.create(
        season=personas.season,
        number=2,
        name="第一次补录",
        kind="supplementary_ranked",
        programme_types=["three_year"],
        max_choices=4,
    )
    terms = {"season": personas.season, "number": 2}
    round = approve_by_two(personas.pe1, personas.pe2, open_round, **terms)

    assert (round.pk, round.name, round.max_choices, round.version) == (planned.pk, "第一次补录", 4, 2)
    with pytest.raises(IllegalMove, match="已经开设"):
        personas.pe1.sign(open_round, **terms)

    assert inside(round) == [("护理", 50)]


def test_an_unplanned_round_needs_its_terms(personas: Personas) -> None:
    published(ready(personas))
    with pytest.raises(Refused, match="批次名称、录取方式、培养类型"):
        approve_by_two(personas.pe1, personas.pe2, open_round, season=personas.season, number=9)


def test_unpublished_plans_and_other_seasons_stay_out(personas: Personas) -> None:
    published(ready(personas))
    from yangguang.models import Plan, Programme, Season

    other = Season.objects.create(year=2001, term="SPRING")
    for season in (personas.season, other):
        school = unit(f"乙校{season.year}", "SCHOOL", personas.city, sector="education")
        plan = Plan.objects.create(school=school, season=season, capacity=9)
        row = Programme.objects.create(
            plan=plan,
            code=f"X{season.year}",
            major="外",
            programme_type="three_year",
            study_form="full_time",
            years=3,
            seats=9,
        )
        Quota.objects.create(programme=row, code="general", name="普通", seats=9, mode="at_least", tie="all_wait")

    assert inside(opened(personas)) == [("护理", 50)]


def test_a_round_takes_no_programme_type_that_its_intake_year_does_not_have(personas: Personas) -> None:
    published(ready(personas))
    set_rule("programme.types", ["one_year"])
    with pytest.raises(Refused, match=f"{personas.season.year}年不招三年制"):
        opened(personas)

    assert not Round.objects.exists()
