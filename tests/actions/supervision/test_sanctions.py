"""A measure is proposed by one person and decided by another; its effects follow from its row."""

import pytest

from tests.support.builders.plans import drafted, programme, ready
from tests.support.personas import Personas
from yangguang import clock
from yangguang.actions.plans import plans
from yangguang.actions.supervision import sanctions
from yangguang.models import AuditEntry, Sanction, ViolationKind
from yangguang.queries.supervision.sanctions import effects_on
from yangguang.rules.base.refusals import BadRows, Denied, IllegalMove, NotFound, Refused
from yangguang.rules.supervision.sanctions import NONE, Measure

pytestmark = pytest.mark.django_db


def propose(personas: Personas, measure: Measure, *, by: str = "ce", **more: object) -> Sanction:
    kind, _ = ViolationKind.objects.get_or_create(
        year=2023, position=4, defaults={"text": "严禁虚假宣传", "source": "测试", "clause": "二"}
    )
    arguments = {"unit": personas.school, "violation": kind, "sentence": "虚假宣传", "starts_at": clock.now()}
    sanction: Sanction = getattr(personas, by).sign(sanctions.propose, measure=measure, **(arguments | more))
    return sanction


def decide(personas: Personas, measure: Measure, **more: object) -> Sanction:
    row = propose(personas, measure, **more)
    decided: Sanction = personas.pe1.sign(sanctions.approve, sanction=row)
    return decided


def test_a_proposal_has_no_effect_until_the_province_decides(personas: Personas) -> None:
    row = propose(personas, Measure.STOP)

    assert isinstance(row, Sanction)
    assert effects_on(personas.school.pk, clock.now()) == NONE

    personas.pe1.sign(sanctions.approve, sanction=row)
    effects = effects_on(personas.school.pk, clock.now())

    assert (effects.takes_new, effects.gives_free_choice, effects.labels) == (
        False,
        True,
        ((Measure.STOP, "虚假宣传"),),
    )

    row.refresh_from_db()

    assert (row.decided_by_id, row.version) == (personas.pe1.actor.account, 2)


def test_a_measure_is_not_decided_by_its_proposer_and_not_twice(personas: Personas) -> None:
    row = propose(personas, Measure.WARN, by="pe1")

    with pytest.raises(Refused, match="不能由提出人自己批准"):
        personas.pe1.sign(sanctions.approve, sanction=row)

    personas.pe2.sign(sanctions.approve, sanction=row)

    with pytest.raises(IllegalMove):
        personas.pe2.sign(sanctions.approve, sanction=row)


def test_a_proposal_is_withdrawn_by_its_proposer_alone_and_is_not_decided_afterwards(personas: Personas) -> None:
    row = propose(personas, Measure.STOP)

    with pytest.raises(Refused, match="只有提出人本人能撤回"):
        personas.pe1.sign(sanctions.withdraw, sanction=row)

    personas.ce.sign(sanctions.withdraw, sanction=row)
    row.refresh_from_db()

    assert (row.state, row.version, row.decided_at) == ("WITHDRAWN", 2, None)
    entries = AuditEntry.objects.filter(action="sanction.withdraw")

    assert [entry.facts["state"] for entry in entries] == ["WITHDRAWN"]

    with pytest.raises(IllegalMove, match="现在是“已撤回”，不能批准"):
        personas.pe1.sign(sanctions.approve, sanction=row)

    with pytest.raises(IllegalMove, match="现在是“已撤回”，不能撤回"):
        personas.ce.sign(sanctions.withdraw, sanction=row)

    assert effects_on(personas.school.pk, clock.now()) == NONE


def test_a_decided_measure_is_not_withdrawn(personas: Personas) -> None:
    row = decide(personas, Measure.WARN)

    with pytest.raises(IllegalMove, match="现在是“已批准”，不能撤回"):
        personas.ce.sign(sanctions.withdraw, sanction=row)

    row.refresh_from_db()

    assert row.state == "DECIDED"


def test_a_bureau_proposes_in_its_own_area_only_and_does_not_decide(personas: Personas) -> None:
    with pytest.raises(NotFound):
        propose(personas, Measure.WARN, unit=personas.other_city)

    row = propose(personas, Measure.WARN)

    with pytest.raises(Denied):
        personas.me.sign(sanctions.approve, sanction=row)

    assert Sanction.objects.get().decided_at is None


@pytest.mark.parametrize(
    ("measure", "more", "sentence"),
    [
        (Measure.CAP, {}, "需要填写上限人数"),
        (Measure.SHRINK, {"number": -1}, "需要填写上限人数"),
        (Measure.WARN, {"number": 5}, "不需要人数"),
        (Measure.WARN, {"sentence": " "}, "公示内容"),
        (Measure.WARN, {"sentence": "看\u202e不见"}, "公示内容"),
    ],
)
def test_an_incomplete_measure_is_refused(
    personas: Personas, measure: Measure, more: dict[str, object], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        propose(personas, measure, **more)

    with pytest.raises(Refused, match="只能针对招生学校"):
        propose(personas, Measure.WARN, unit=personas.county)

    assert Sanction.objects.count() == 0


def test_a_shrunk_plan_limits_the_next_draft_and_a_stop_ends_planning(personas: Personas) -> None:
    decide(ready(personas), Measure.SHRINK, number=40)

    with pytest.raises(BadRows) as refused:
        drafted(personas, programme(seats=41))

    assert [row.what for row in refused.value.rows] == ["各行计划合计41人，超过上限40人，多1人"]

    drafted(personas, programme(seats=40))
    decide(personas, Measure.STOP)

    with pytest.raises(Refused, match="已被停止招生"):
        drafted(personas, programme(seats=40))


def test_a_stopped_school_does_not_submit_the_draft_it_has(personas: Personas) -> None:
    plan = drafted(ready(personas), programme(seats=40))
    decide(personas, Measure.STOP)

    with pytest.raises(Refused, match="已被停止招生"):
        personas.teacher.sign(plans.submit, plan=plan, season=personas.season)


def test_a_draft_from_before_the_measure_is_not_submitted_with_too_many_seats(personas: Personas) -> None:
    plan = drafted(ready(personas), programme(seats=50))
    decide(personas, Measure.SHRINK, number=40)

    with pytest.raises(BadRows) as refused:
        personas.teacher.sign(plans.submit, plan=plan, season=personas.season)

    assert [row.what for row in refused.value.rows] == ["各行计划合计50人，超过上限40人，多10人"]
