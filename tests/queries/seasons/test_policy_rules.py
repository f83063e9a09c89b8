"""Reading rules: the row in force for a case at an instant, its sentence and its source."""

from datetime import date

import pytest

from yangguang import clock
from yangguang.models import PolicyRule
from yangguang.queries.seasons.policy_rules import format_rule, rule_at, rules_at, rules_at_instants
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.policy_scope import Axis
from yangguang.rules.seasons.windows import start_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_rows(_reference_rules: None) -> None:
    PolicyRule.objects.all().delete()


def add_rule(
    key: str, value: object, applies_to: str = "", begins: str = "2024-01-01", ends: str | None = None
) -> None:
    PolicyRule.objects.create(
        key=key, value=value, applies_to=applies_to, valid_from=begins, valid_to=ends, source="某通知", clause="二"
    )


def test_the_value_is_of_its_type_and_the_sentence_follows() -> None:
    add_rule("person.child_under", 14)

    rule = rule_at(clock.now(), policy_keys.CHILD_UNDER)

    assert rule.value == 14
    assert rule.sentence == "未满14周岁的，先取得监护人同意再收集信息"
    assert rule.citation == "某通知 二"
    assert format_rule(policy_keys.CHILD_UNDER, clock.now()) == "14周岁"


def test_another_value_is_another_sentence() -> None:
    add_rule("person.child_under", 12)

    assert rule_at(clock.now(), policy_keys.CHILD_UNDER).sentence.startswith("未满12周岁")


def test_the_row_for_the_case_goes_before_the_row_for_all() -> None:
    add_rule("imported.score_floor", 200)
    add_rule("imported.score_floor", 240, "培养类型=3+2")
    add_rule("imported.score_floor", 260, "培养类型=3+2；地区=郑州市")
    rules = rules_at(clock.now(), policy_keys.SCORE_FLOOR)

    floors = [
        rules.get(policy_keys.SCORE_FLOOR, {Axis.PROGRAMME_TYPE: [kind], Axis.AREA: areas}).value
        for kind, areas in [("五年一贯制", ["郑州市"]), ("3+2", ["开封市"]), ("3+2", ["新密市", "郑州市"])]
    ]

    assert floors == [200, 240, 260]


def test_a_row_holds_on_its_days_only() -> None:
    add_rule("report.due_day", 20, "层级=省级", "2023-01-01", "2023-12-31")
    add_rule("report.due_day", 18, "层级=省级", "2024-01-01")
    instants = [start_of(date(2023, 12, 31)), start_of(date(2024, 1, 1))]

    rules = rules_at_instants(instants, policy_keys.REPORT_DUE_DAY)

    province = {Axis.LEVEL: ["省级"]}

    assert [rules[at].get(policy_keys.REPORT_DUE_DAY, province).value for at in instants] == [20, 18]


def test_a_missing_row_refuses_with_the_name_of_the_key() -> None:
    add_rule("imported.score_floor", 240, "培养类型=3+2")

    with pytest.raises(Refused, match=r"规则行缺少：imported\.score_floor"):
        rule_at(clock.now(), policy_keys.SCORE_FLOOR, {Axis.PROGRAMME_TYPE: ["三年制"]})
