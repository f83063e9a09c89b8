"""The rule under a reason is that reason's rule, of that day and that place."""

from datetime import datetime

import pytest

from yangguang.models import PolicyRule
from yangguang.queries.disclosure.reason_citations import cite_rule, load_reason_rules
from yangguang.rules.runs.matching_types import Barred, Reason, ReasonCode
from yangguang.rules.seasons.windows import SHANGHAI

pytestmark = pytest.mark.django_db
DAY = datetime(2024, 9, 1, 9, tzinfo=SHANGHAI)
LATER = datetime(2025, 9, 1, 9, tzinfo=SHANGHAI)
HERE = ("三年制", "甲市")


def row(key: str, sentence: str, scope: str = "", day: str = "2024-01-01", **more: object) -> None:
    PolicyRule.objects.create(
        key=key, scope_note=scope, value=1, description=sentence, valid_from=day, source="某文件", clause="二", **more
    )


def cite(code: ReasonCode, barred: str | None = None, places: tuple[str, ...] = HERE, at: datetime = DAY) -> str:
    rules = load_reason_rules([DAY, LATER])
    return cite_rule(Reason(1, 7, code, None, 0, None, None, barred), rules[at], places)


@pytest.fixture
def rows() -> None:
    row("round.tie_order", "依次比较")
    row("round.edge_tie", "全部候补", is_demo=True)
    row("seat.spring_blocks_autumn", "春季占位")
    row("sanction.measures", "停止招生", "甲市")
    row("imported.origins", "只招应届", "3+2、五年一贯制")
    row("imported.score_floor", "五年制的线", "五年一贯制")
    row("imported.score_floor", "3+2的线", "3+2")


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(
    ("code", "barred", "clause"),
    [
        (ReasonCode.ADMITTED, None, "“依次比较”，某文件 二"),
        (ReasonCode.OUTRANKED, None, "“依次比较”，某文件 二"),
        (ReasonCode.TIED_AT_CUTOFF, None, "“全部候补”，某文件 二（演示）"),
        (ReasonCode.HIGHER_CHOICE_ADMITTED, None, "平台公布的录取规则：每人录取到自己能得到的最靠前的志愿"),
        (ReasonCode.NO_SEATS, None, "招生计划在本批次面向您的名额"),
        (ReasonCode.BARRED, Barred.ORIGIN, "招生计划和本批次公布的招收对象"),
        (ReasonCode.BARRED, Barred.STUDY_FORM, "招生计划公布的办学形式和招收对象"),
        (ReasonCode.BARRED, Barred.SCORE_FLOOR, "招生计划公布的最低分数要求"),
        (ReasonCode.BARRED, Barred.STOPPED, "“停止招生”，某文件 二"),
        (ReasonCode.BARRED, Barred.HAS_SEAT, "一人一年只占一个名额，包括“春季占位”，某文件 二"),
        (ReasonCode.BARRED, Barred.QUARANTINE, "身份信息核查清楚以前不参加排名"),
        (ReasonCode.BARRED, Barred.NO_QUOTA, "招生计划公布的名额类别"),
        (ReasonCode.BARRED, "年满十八周岁方可报考", "招生计划公布的招收条件"),
    ],
)
def test_each_reason_cites_its_own_rule(code: ReasonCode, barred: str | None, clause: str) -> None:
    assert cite(code, barred) == clause


@pytest.mark.usefixtures("rows")
def test_a_row_of_another_place_or_length_of_study_is_ignored() -> None:
    assert cite(ReasonCode.BARRED, Barred.STOPPED, ("三年制", "乙市")) == "已公布的对该校的处理措施"
    for programme_type, floor in (("3+2", "3+2的线"), ("五年一贯制", "五年制的线")):
        assert cite(ReasonCode.BARRED, Barred.SCORE_FLOOR, (programme_type, "")) == f"“{floor}”，某文件 二"
        assert cite(ReasonCode.BARRED, Barred.ORIGIN, (programme_type, "")) == "“只招应届”，某文件 二"


def test_a_row_of_the_own_place_goes_before_one_for_all() -> None:
    row("sanction.measures", "全省")
    row("sanction.measures", "甲市的", "甲市")

    assert [cite(ReasonCode.BARRED, Barred.STOPPED, ("", city)) for city in ("甲市", "乙市", "")] == [
        "“甲市的”，某文件 二",
        "“全省”，某文件 二",
        "“全省”，某文件 二",
    ]


def test_the_row_is_the_one_of_the_given_day() -> None:
    row("round.tie_order", "旧规则", valid_to="2024-12-31")
    row("round.tie_order", "新规则", day="2025-01-01")

    assert [cite(ReasonCode.OUTRANKED, at=at)[1:4] for at in (DAY, LATER)] == ["旧规则", "新规则"]


def test_without_a_row_the_reason_has_plain_words() -> None:
    assert cite(ReasonCode.OUTRANKED) == "平台公布的录取规则"
