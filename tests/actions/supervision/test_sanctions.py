"""A measure is proposed by one person and decided by another; what it does follows from its row alone."""

from datetime import timedelta

import pytest

from tests.support.builders.plans import drafted, programme, ready
from tests.support.personas import Cast
from yangguang import clock
from yangguang.actions.supervision import sanctions
from yangguang.models import Sanction, ViolationKind
from yangguang.queries.supervision.sanctions import effects_on
from yangguang.rules.base.refusals import BadRows, Denied, IllegalMove, NotFound, Refused
from yangguang.rules.supervision.sanctions import NONE, Decided, Measure, effects

pytestmark = pytest.mark.django_db


def propose(cast: Cast, measure: Measure, *, by: str = "ce", **more: object) -> Sanction:
    kind, _ = ViolationKind.objects.get_or_create(
        year=2023, position=4, defaults={"text": "严禁虚假宣传", "source": "测试", "clause": "二"}
    )
    asked = {"unit": cast.school, "violation": kind, "says": "虚假宣传", "starts_at": clock.now()}
    found: Sanction = getattr(cast, by).sign(sanctions.propose, measure=measure, **(asked | more))
    return found


def decide(cast: Cast, measure: Measure, **more: object) -> Sanction:
    row = propose(cast, measure, **more)
    found: Sanction = cast.pe1.sign(sanctions.approve, sanction=row)
    return found


def test_a_proposal_has_no_effect_until_the_province_decides(cast: Cast) -> None:
    row = propose(cast, Measure.STOP)
    assert isinstance(row, Sanction)
    assert effects_on(cast.school.pk, clock.now()) == NONE
    cast.pe1.sign(sanctions.approve, sanction=row)
    held = effects_on(cast.school.pk, clock.now())
    assert (held.takes_new, held.gives_free_choice, held.labels) == (
        False,
        True,
        ((Measure.STOP, "虚假宣传"),),
    )
    row.refresh_from_db()
    assert (row.decided_by_id, row.version) == (cast.pe1.actor.account, 2)


def test_nobody_decides_the_own_proposal_and_nobody_twice(cast: Cast) -> None:
    row = propose(cast, Measure.WARN, by="pe1")
    with pytest.raises(Refused, match="不能由提出人自己批准"):
        cast.pe1.sign(sanctions.approve, sanction=row)
    cast.pe2.sign(sanctions.approve, sanction=row)
    with pytest.raises(IllegalMove):
        cast.pe2.sign(sanctions.approve, sanction=row)


def test_a_bureau_proposes_in_its_own_area_only_and_does_not_decide(cast: Cast) -> None:
    with pytest.raises(NotFound):
        propose(cast, Measure.WARN, unit=cast.other_city)
    row = propose(cast, Measure.WARN)
    with pytest.raises(Denied):
        cast.me.sign(sanctions.approve, sanction=row)
    assert Sanction.objects.get().decided_at is None


@pytest.mark.parametrize(
    ("measure", "more", "says"),
    [
        (Measure.CAP, {}, "需要填写上限人数"),
        (Measure.SHRINK, {"number": -1}, "需要填写上限人数"),
        (Measure.WARN, {"number": 5}, "不需要人数"),
        (Measure.WARN, {"says": " "}, "公示内容"),
        (Measure.WARN, {"says": "看\u202e不见"}, "公示内容"),
    ],
)
def test_a_measure_without_its_parts_is_refused(
    cast: Cast, measure: Measure, more: dict[str, object], says: str
) -> None:
    with pytest.raises(Refused, match=says):
        propose(cast, measure, **more)
    with pytest.raises(Refused, match="只能针对招生学校"):
        propose(cast, Measure.WARN, unit=cast.county)
    assert Sanction.objects.count() == 0


def test_a_cut_plan_binds_the_next_draft_and_a_stop_ends_planning(cast: Cast) -> None:
    decide(ready(cast), Measure.SHRINK, number=40)
    with pytest.raises(BadRows) as refused:
        drafted(cast, programme(seats=41))
    assert [row.what for row in refused.value.rows] == ["各行计划合计41人，超过上限40人，多1人"]
    drafted(cast, programme(seats=40))
    decide(cast, Measure.STOP)
    with pytest.raises(Refused, match="已被停止招生"):
        drafted(cast, programme(seats=40))


def test_effects_hold_from_the_start_to_the_end_and_the_lower_cap_counts() -> None:
    at = clock.now()
    day = timedelta(days=1)
    held = [
        Decided(Measure.CAP, "甲", 90, at - day, None),
        Decided(Measure.CAP, "乙", 60, at, at + day),
        Decided(Measure.CAP, "丙", 10, at - day, at),
        Decided(Measure.STOP, "丁", None, at + day, None),
    ]
    now = effects(held, at)
    assert (now.registrations_cap, now.plan_cap, now.takes_new) == (60, None, True)
    assert now.labels == ((Measure.CAP, "甲"), (Measure.CAP, "乙"))
    later = effects(held, at + day)
    assert (later.registrations_cap, later.plan_cap, later.takes_new, later.labels[0]) == (
        0, 0, False, (Measure.STOP, "丁"),
    )  # fmt: skip
