"""The published rules: every rule in force in words, for whom it holds, and its clause."""

import pytest
from django.core.cache import cache

from tests.support.builders.policy import set_rule
from tests.support.builders.public_season import PublicSeason
from yangguang import clock
from yangguang.models import PolicyRule, Quota
from yangguang.queries.seasons.policy_rules import rules_at
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.policy_keys import KEYS
from yangguang.web.public.seasons.rules import HEADINGS, is_all_wait

pytestmark = pytest.mark.django_db


def test_the_rules_page_gives_every_rule_in_force_with_scope_and_clause(public_season: PublicSeason) -> None:
    set_rule("imported.score_floor", 240, "培养类型=3+2；地区=甲市")

    page = public_season.text("/rules/")

    assert "最低录取控制分数是240分 培养类型：3+2；地区：甲市 测试文件 第一条" in page
    assert "没有“浪费志愿”" in page
    assert "本年度已占用名额的人没有再次被录取" in page


def test_a_row_that_has_ended_or_begins_later_is_not_on_the_page(public_season: PublicSeason) -> None:
    PolicyRule.objects.filter(key="answer.waiting_hours").update(valid_to="2024-01-02")
    for hours, day in ((24, "2024-01-03"), (12, "2999-01-01")):
        PolicyRule.objects.create(key="answer.waiting_hours", value=hours, valid_from=day, source="测试")

    page = public_season.text("/rules/")

    assert [f"应答时间是{hours}小时" in page for hours in (72, 24, 12)] == [False, True, False]


def test_the_rules_page_promises_the_true_order_only_where_it_is_true(public_season: PublicSeason) -> None:
    Quota.objects.update(tie="all_wait")

    page = public_season.text("/rules/")

    assert "极少数情况里少填一个志愿反而更有利" in page
    assert "一起候补：末位的名额不用抽签决定" in page
    assert "没有一个名额类别用到抽签号" in page
    assert "没有人会因为敢填高志愿而吃亏" not in page
    cache.clear()

    Quota.objects.update(tie="lottery")
    page = public_season.text("/rules/")

    assert "少填一个志愿反而更有利" not in page
    assert "仍相同的，比抽签号" in page
    assert "不抽签" not in page
    assert "照真实想法排就是最好的排法，也不用猜别人怎么填" in page


def test_where_some_quotas_draw_the_rules_page_names_them_as_the_exception(public_season: PublicSeason) -> None:
    Quota.objects.update(tie="lottery")
    for quota in Quota.objects.filter(code="general"):
        Quota.objects.create(programme=quota.programme, code="local", seats=1, priority=2, tie="all_wait")

    page = public_season.text("/rules/")

    assert "只有那里比抽签号" in page
    assert "没有一个名额类别用到抽签号" not in page


@pytest.mark.parametrize(("tie", "is_warned"), [("all_wait", True), ("lottery", False)])
def test_before_a_plan_is_published_the_rule_decides_what_is_promised(tie: str, *, is_warned: bool) -> None:
    set_rule("round.edge_tie", tie)

    assert is_all_wait(None, rules_at(clock.now(), policy_keys.EDGE_TIE)) is is_warned


def test_a_later_rule_does_not_change_what_is_said_of_published_plans(public_season: PublicSeason) -> None:
    Quota.objects.update(tie="all_wait")
    set_rule("round.edge_tie", "lottery")

    assert "少填一个志愿反而更有利" in public_season.text("/rules/")


def test_the_order_of_subjects_in_the_prose_is_that_of_the_row(public_season: PublicSeason) -> None:
    set_rule("round.tie_order", ["total", "english", "maths", "chinese"])

    assert "成绩依次比较：总分、英语、数学、语文。 名额边缘仍分不出先后" in public_season.text("/rules/")


def test_every_key_has_a_heading() -> None:
    assert {name.partition(".")[0] for name in KEYS} == set(HEADINGS)
