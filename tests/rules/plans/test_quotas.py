"""Quotas that make no sense are refused with a sentence that says which and what to do."""

from dataclasses import replace

import pytest

from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.quotas import Mode, ProgrammeSeats, Quota, Tie, check_quotas

LOCAL = Quota("本市", 30, Mode.AT_LEAST, 1, "普通", Tie.LOTTERY)
OUTSIDE = Quota("省外", 5, Mode.AT_MOST, 2, "普通", Tie.LOTTERY)
SPECIAL = Quota("特教", 8, Mode.EXACTLY, 3, None, Tie.ALL_WAIT)
GENERAL = Quota("普通", 57, Mode.AT_LEAST, 4, None, Tie.ALL_WAIT)


def programme(*quotas: Quota, cap: int | None = None) -> ProgrammeSeats:
    return ProgrammeSeats(7, quotas, cap)


def test_a_line_with_every_mode_passes_and_is_filled_in_order_of_priority() -> None:
    seats = programme(GENERAL, SPECIAL, OUTSIDE, LOCAL, cap=0)
    check_quotas(seats)

    assert [quota.code for quota in seats.by_priority] == ["本市", "省外", "特教", "普通"]
    assert seats.seats == 100


@pytest.mark.parametrize(
    ("seats", "sentence"),
    [
        (programme(), "计划行7没有任何名额类别"),
        (programme(GENERAL, cap=-1), "录取上限为-1，不能是负数"),
        (programme(replace(GENERAL, seats=-2)), "“普通”的名额为-2，不能是负数"),
        (programme(GENERAL, replace(GENERAL, priority=9)), "类别“普通”出现了两次"),
        (programme(GENERAL, replace(SPECIAL, priority=4)), "“普通”和“特教”顺序同为4"),
        (programme(GENERAL, replace(LOCAL, flows_to="定向")), "要流向“定向”，但没有这个类别"),
        (programme(GENERAL, replace(SPECIAL, flows_to="普通")), "“特教”的剩余名额不能流出"),
        (programme(LOCAL, replace(GENERAL, flows_to="本市")), "不能流向排在它前面的“本市”"),
        (programme(replace(LOCAL, flows_to="本市")), "不能流向排在它前面的“本市”"),
        (programme(OUTSIDE, replace(LOCAL, flows_to="省外"), GENERAL), "不能流入“省外”。方式为“不超过”的类别"),
        (programme(SPECIAL, replace(LOCAL, flows_to="特教")), "不能流入“特教”。方式为“限定”的类别"),
    ],
)
def test_quotas_that_make_no_sense_are_refused(seats: ProgrammeSeats, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        check_quotas(seats)

    assert sentence in str(refused.value)
    assert refused.value.now


def test_a_line_is_called_by_its_name_where_there_is_one() -> None:
    with pytest.raises(Refused, match=r"^演示学校·护理没有任何名额类别") as refused:
        check_quotas(programme(), where="演示学校·护理")

    assert refused.value.where == "演示学校·护理"
    named = ProgrammeSeats(7, (replace(SPECIAL, flows_to="普通", name="专门编班"), GENERAL), name="演示学校·护理")
    with pytest.raises(Refused, match=r"^演示学校·护理“专门编班”的剩余名额不能流出"):
        check_quotas(named)
