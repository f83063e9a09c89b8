"""The published rules: every rule row in words, with its clause."""

import json

import pytest
from django.core.cache import cache
from yangguang.web.public.seasons.rule_words import format_value

from tests.support.builders.public_season import PublicSeason
from yangguang.models import PolicyRule
from yangguang.reference import rows

pytestmark = pytest.mark.django_db


def test_the_rules_page_gives_every_rule_row_with_its_clause(site: PublicSeason) -> None:
    page = site.text("/rules/")

    assert "测试规则 总分、抽签号 全部 测试文件 第一条" in page
    assert "没有“浪费志愿”" in page
    assert "本年度已占用名额的人没有再次被录取" in page


def test_the_rules_page_promises_the_true_order_only_where_it_is_true(site: PublicSeason) -> None:
    PolicyRule.objects.create(
        key="round.edge_tie", value="all_wait", description="测试", valid_from="2021-01-01", source="测试文件"
    )
    page = site.text("/rules/")

    assert "极少数情况里少填一个志愿反而更有利" in page
    assert "一起候补：不抽签" in page
    assert "没有人会因为敢填高志愿而吃亏" not in page
    cache.clear()
    PolicyRule.objects.filter(key="round.edge_tie").update(value="lottery")
    page = site.text("/rules/")

    assert "少填一个志愿反而更有利" not in page
    assert "仍相同，比抽签号" in page
    assert "照真实想法排就是最好的排法，也不用猜别人怎么填" in page


@pytest.mark.parametrize("row", rows("policy_rules"), ids=lambda row: f"{row['key']}-{row['scope']}")
def test_no_value_of_a_rule_is_shown_as_a_code(row: dict[str, str]) -> None:
    said = format_value(row["key"], json.loads(row["value"]))
    assert said and not any("a" <= c <= "z" or c in "_{}[]" for c in said), said
