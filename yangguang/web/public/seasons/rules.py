"""How the admission list is computed, in plain words, and every rule row with its clause. (F-A12, F-N8)"""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yangguang import clock
from yangguang.models import PolicyRule
from yangguang.queries.disclosure.public_disclosure import list_public_rounds
from yangguang.queries.seasons.policy_rules import rows_in_force
from yangguang.queries.seasons.seasons import current_season
from yangguang.rules.accounts.rights import Right
from yangguang.rules.plans.quotas import Tie
from yangguang.rules.runs.published_properties import Property
from yangguang.web.kit.actor import Request
from yangguang.web.public.base.layout import HOME
from yangguang.web.public.base.page_cache import cache_for_guests
from yangguang.web.public.seasons.rule_words import GROUPS, format_scope, format_value


@require_safe
@cache_for_guests
def rules_page(request: Request) -> HttpResponse:
    """The steps of the matching, its ten verified properties, the rounds, and the rule rows in force today."""
    rows = PolicyRule.objects.for_actor(request.actor, Right.RUN_REPORT_READ_VERIFIER)
    in_force = list(rows.filter(pk__in=rows_in_force(clock.now())).order_by("key", "scope_note"))
    values = {
        "season": (season := current_season()),
        "rounds": list_public_rounds(season),
        "promises": list(Property),
        "all_wait": is_all_wait(in_force),
        "groups": group_rows(in_force),
        "trail": [HOME, ("录取规则", "")],
    }
    return render(request, "public/seasons/rules.html", values)


def is_all_wait(rows: list[PolicyRule]) -> bool:
    """Whether applicants tied at the last seat all wait, in which case the true order is not always the best one.

    Source: docs/decisions/0015. Without a rule row the page gives the warning.
    """
    values = [row.value for row in rows if row.key == "round.edge_tie"]
    return not values or any(value != Tie.LOTTERY.value for value in values)


def group_rows(rows: list[PolicyRule]) -> list[dict[str, object]]:
    """The rows under the headings of `GROUPS`; an unknown kind of key is under 其他."""
    groups: dict[str, list[dict[str, object]]] = {}
    for row in rows:
        heading = GROUPS.get(row.key.partition(".")[0], "其他")
        groups.setdefault(heading, []).append(
            {"row": row, "value": format_value(row.key, row.value), "scope": format_scope(row.scope_note)}
        )
    order = [*dict.fromkeys(GROUPS.values()), "其他"]
    return [{"heading": heading, "rows": groups[heading]} for heading in order if heading in groups]
