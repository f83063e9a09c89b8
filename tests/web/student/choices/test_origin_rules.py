"""What an origin may choose is a rule row: the page of rules, the list of programmes, the refusal and the run agree."""

from django.test import Client

from tests.support.builders.officers import page_of
from tests.support.builders.policy import set_rule
from tests.support.builders.web_season import Desk, text
from yangguang import clock
from yangguang.models import PolicyRule
from yangguang.queries.runs.input_build import freeze

SCOPE = "生源类别=应届初中毕业生"


def test_a_changed_row_changes_rules_list_refusal_and_run_together(desk: Desk) -> None:
    desk.add(desk.programmes[0])
    PolicyRule.objects.filter(key="origin.programme_types").delete()
    set_rule("origin.programme_types", ["one_year"], "生源类别=往届初中毕业生")
    set_rule("origin.programme_types", ["five_year"])

    rules, options = page_of(Client(), "/rules/"), text(desk.client.get(desk.choices_url))
    check = text(desk.client.get(desk.choices_url + "submit/"))

    assert "可以选择的培养类型：五年一贯制" in rules
    assert "“应届初中毕业生”不能选择三年制、全日制" in options
    assert "“应届初中毕业生”可以选择：五年一贯制；全日制" in check
    assert "测试文件 第一条" in check


def test_a_run_bars_whom_the_row_bars(desk: Desk) -> None:
    desk.add(desk.programmes[0])
    desk.proves(desk.choices_url + "submit/")
    allowed = bytes(freeze(desk.round, clock.now(), "", bytes(32)))
    set_rule("origin.programme_types", ["five_year"], SCOPE)

    barred = bytes(freeze(desk.round, clock.now(), "", bytes(32)))

    code = desk.programmes[0].code.encode()
    assert allowed.split(b"\t")[-1].strip() == code
    assert barred.split(b"\t")[-1].strip() == code + b":origin"


def test_a_row_of_a_later_day_does_not_change_an_open_round(desk: Desk) -> None:
    desk.add(desk.programmes[0])
    desk.round.opened_at = clock.now()
    desk.round.save(update_fields=["opened_at"])
    changed = {"source": "后来的通知", "clause": "一", "valid_from": f"{desk.personas.season.year}-12-31"}
    PolicyRule.objects.create(key="origin.programme_types", value=["five_year"], applies_to=SCOPE, **changed)

    assert "不能选择" not in text(desk.client.get(desk.choices_url))
