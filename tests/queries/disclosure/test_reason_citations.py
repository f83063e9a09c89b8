"""The rule under a reason is that reason's rule, of that day and that place."""

from datetime import datetime

import pytest

from yangguang.models import PolicyRule
from yangguang.queries.disclosure.reason_citations import cite_rule, load_reason_rules
from yangguang.rules.runs.matching_types import Barred, Reason, ReasonCode
from yangguang.rules.seasons.policy_scope import Axis, Facts
from yangguang.rules.seasons.windows import SHANGHAI

pytestmark = pytest.mark.django_db
DAY = datetime(2024, 9, 1, 9, tzinfo=SHANGHAI)
LATER = datetime(2025, 9, 1, 9, tzinfo=SHANGHAI)
SOURCE = "某文件 二"


def case(programme_type: str = "三年制", *areas: str) -> Facts:
    return {Axis.ROUND: ["集中录取"], Axis.PROGRAMME_TYPE: [programme_type], Axis.AREA: areas}


@pytest.fixture(autouse=True)
def _no_rows(_reference_rules: None) -> None:
    PolicyRule.objects.all().delete()


def row(key: str, value: object, applies_to: str = "", day: str = "2024-01-01", **more: object) -> None:
    PolicyRule.objects.create(
        key=key, value=value, applies_to=applies_to, valid_from=day, source="某文件", clause="二", **more
    )


def cite(
    code: ReasonCode, barred: str | None = None, facts: Facts | None = None, opened: datetime = DAY, at: datetime = DAY
) -> str:
    rules = load_reason_rules([opened, at])
    return cite_rule(Reason(1, 7, code, None, 0, None, None, barred), rules[opened], rules[at], facts or case())


@pytest.fixture
def rows() -> None:
    row("round.tie_order", ["total", "maths"])
    row("round.edge_tie", "all_wait", is_demo=True)
    row("sanction.measures", ["STOP"])
    row("imported.origins", ["junior_this_year"], "培养类型=3+2、五年一贯制")
    row("imported.score_floor", 220, "培养类型=五年一贯制")
    row("imported.score_floor", 240, "培养类型=3+2")
    row("imported.score_floor", 260, "培养类型=3+2；地区=甲市")


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(
    ("code", "barred", "clause"),
    [
        (ReasonCode.ADMITTED, None, "“成绩依次比较：总分、数学”，某文件 二"),
        (ReasonCode.OUTRANKED, None, "“成绩依次比较：总分、数学”，某文件 二"),
        (
            ReasonCode.TIED_AT_CUTOFF,
            None,
            "“名额边缘成绩完全相同的：末位同分者全部候补，不超计划（起草计划时定下）”，某文件 二（演示）",
        ),
        (ReasonCode.HIGHER_CHOICE_ADMITTED, None, "平台公布的录取规则：每人录取到自己能得到的最靠前的志愿"),
        (ReasonCode.NO_SEATS, None, "招生计划在本批次面向您的名额"),
        (ReasonCode.BARRED, Barred.ORIGIN, "招生计划和本批次公布的招收对象"),
        (ReasonCode.BARRED, Barred.STUDY_FORM, "招生计划公布的办学形式和招收对象"),
        (ReasonCode.BARRED, Barred.SCORE_FLOOR, "招生计划公布的最低分数要求"),
        (ReasonCode.BARRED, Barred.STOPPED, "“对违规学校的处理措施：停止招生”，某文件 二"),
        (ReasonCode.BARRED, Barred.HAS_SEAT, "一人一年只占一个名额，春季和秋季合在一起算"),
        (ReasonCode.BARRED, Barred.QUARANTINE, "身份信息核查清楚以前不参加排名"),
        (ReasonCode.BARRED, Barred.NO_QUOTA, "招生计划公布的名额类别"),
        (ReasonCode.BARRED, "年满十八周岁方可报考", "招生计划公布的招收条件"),
    ],
)
def test_each_reason_cites_its_own_rule(code: ReasonCode, barred: str | None, clause: str) -> None:
    assert cite(code, barred) == clause


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(
    ("facts", "floor"),
    [(case("3+2", "乙市"), 240), (case("五年一贯制", "甲市"), 220), (case("3+2", "一县", "甲市"), 260)],
)
def test_the_row_is_that_of_the_programme_and_its_place(facts: Facts, floor: int) -> None:
    assert cite(ReasonCode.BARRED, Barred.SCORE_FLOOR, facts) == f"“最低录取控制分数是{floor}分”，{SOURCE}"


def test_the_order_of_comparison_is_that_of_the_day_on_which_the_round_opened() -> None:
    row("round.tie_order", ["total", "maths"], valid_to="2024-12-31")
    row("round.tie_order", ["total"], day="2025-01-01")

    citations = [cite(ReasonCode.OUTRANKED, opened=opened, at=LATER) for opened in (DAY, LATER)]

    assert citations == [f"“成绩依次比较：{words}”，{SOURCE}" for words in ("总分、数学", "总分")]


def test_other_rules_are_read_as_of_the_day_of_publication() -> None:
    row("sanction.measures", ["STOP"], valid_to="2024-12-31")
    row("sanction.measures", ["STOP", "CAP"], day="2025-01-01")

    citations = [cite(ReasonCode.BARRED, Barred.STOPPED, at=at) for at in (DAY, LATER)]

    assert [one.count("、") for one in citations] == [0, 1]


def test_a_row_opposite_to_what_decided_is_no_citation() -> None:
    row("round.edge_tie", "lottery")

    assert cite(ReasonCode.TIED_AT_CUTOFF) == "招生计划定下的同分规则：末位同分者全部候补"


def test_without_a_row_the_reason_has_plain_words() -> None:
    assert cite(ReasonCode.OUTRANKED) == "平台公布的录取规则"
