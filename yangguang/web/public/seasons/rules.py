"""How the admission list is computed, in plain words, and every rule row with its clause. (F-A12, F-N8)"""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yangguang import clock
from yangguang.models import Season
from yangguang.queries.disclosure.public_disclosure import list_public_rounds
from yangguang.queries.plans.plan_limits import ties_of_plans
from yangguang.queries.seasons.policy_rules import Rule, RulesInForce, rules_at
from yangguang.queries.seasons.seasons import current_season
from yangguang.rules.plans.quotas import Tie
from yangguang.rules.runs.published_properties import Property
from yangguang.rules.seasons import policy_keys
from yangguang.web.kit.actor import Request
from yangguang.web.public.base.layout import HOME
from yangguang.web.public.base.page_cache import cache_for_guests

HEADINGS = {
    "round": "批次与志愿",
    "aptitude_test": "自主测试加分",
    "answer": "应答",
    "withdrawal": "退录",
    "imported": "考试机构录取",
    "origin": "生源类别",
    "person": "考生与监护人",
    "account": "登录",
    "duplicate": "查重",
    "review": "志愿异议",
    "school": "招生学校",
    "programme": "培养类型与学制",
    "permission": "一年制与非全日制招生",
    "record": "学籍",
    "sanction": "违规处理",
    "disclosure": "公示",
    "report": "月报",
    "count": "任务数和月报的口径",
    "code": "验证码",
    "key": "优盾",
    "proposal": "双人事项",
    "result": "查录取结果",
}
"""The heading of each group of keys: the part of the name before the dot."""


@require_safe
@cache_for_guests
def rules_page(request: Request) -> HttpResponse:
    """The steps of the matching, its ten verified properties, the rounds, and the rule rows in force today."""
    in_force = rules_at(clock.now(), *policy_keys.KEYS.values())
    values = {
        "season": (season := current_season()),
        "rounds": list_public_rounds(season),
        "promises": list(Property),
        "all_wait": is_all_wait(season, in_force),
        "uses_lottery": season is not None and Tie.LOTTERY in ties_of_plans(season),
        "tie_order": [rule for _, rule in in_force.rows.get(policy_keys.TIE_ORDER.name, [])],
        "groups": group_rules(in_force),
        "trail": [HOME, ("录取规则", "")],
    }
    return render(request, "public/seasons/rules.html", values)


def is_all_wait(season: Season | None, in_force: RulesInForce) -> bool:
    """Whether applicants tied at the last seat of some programme all wait: then the true order is not always the best
    one.

    What the published plans of the season have taken over from the rule counts; before there is one, the rule itself.
    Source: docs/decisions/0015. Without plans and rule the page gives the warning.
    """
    ties = ties_of_plans(season) if season else set()
    rule = in_force.find(policy_keys.EDGE_TIE)
    return (ties or {rule.value if rule else Tie.ALL_WAIT}) != {Tie.LOTTERY}


def group_rules(in_force: RulesInForce) -> list[tuple[str, list[Rule[object]]]]:
    """The rules under the headings of `HEADINGS`, in that order."""
    groups: dict[str, list[Rule[object]]] = {heading: [] for heading in HEADINGS.values()}
    for name, rows in in_force.rows.items():
        groups[HEADINGS[name.partition(".")[0]]] += [rule for _, rule in rows]
    return [(heading, rules) for heading, rules in groups.items() if rules]
