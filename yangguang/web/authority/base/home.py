"""A bureau's front page: what waits for it, and the season in numbers, each leading to its list. (X2.01, X2.03)"""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang import clock
from yangguang.queries.accounts.proposals import list_open_proposals
from yangguang.queries.applicants.duplicates import open_cases
from yangguang.queries.choices.choice_history import waiting_disputes
from yangguang.queries.plans.approval_steps import plans_to_review
from yangguang.queries.publicity.public_home import list_season_windows
from yangguang.queries.reporting.progress import count_total
from yangguang.queries.seasons.seasons import seasons
from yangguang.rules.accounts.rights import Right
from yangguang.rules.seasons.rounds import WindowKind
from yangguang.rules.seasons.windows import WindowStatus
from yangguang.web.authority.base.layout import page, season_of, unit_of
from yangguang.web.kit.actor import Request

SHOWN = 100
SHOWN_KINDS = frozenset(WindowKind) - {WindowKind.PUBLICATION, WindowKind.ADMISSION, WindowKind.ANSWER}


@require_safe
def home(request: Request) -> HttpResponse:
    """To-do, numbers, open windows."""
    unit, season, at = unit_of(request, Right.PLAN_APPROVE), season_of(request), clock.now()
    ticks = list_season_windows(season, at)
    values = {
        "unit": unit,
        "season": season,
        "seasons": seasons(),
        "todo": todo(request, len(plans_to_review(request.actor, season)), f"?season={season.public_id}"),
        "stages": count_total(season, unit),
        "windows": [
            {"label": f"{tick.round} {tick.kind.label}".strip(), "opens": tick.opens_at, "closes": tick.closes_at}
            for tick in ticks
            if tick.kind in SHOWN_KINDS and tick.status in (WindowStatus.OPEN, WindowStatus.BEFORE)
        ],
    }
    return page(request, "base/home", values)


def todo(request: Request, plans: int, query: str) -> list[dict[str, object]]:
    """What waits for this bureau, as numbers; lists longer than a hundred say so."""
    mine = list_open_proposals(request.actor).exclude(proposed_by=request.actor.account)
    found = [
        {"label": "待审计划", "number": plans, "note": "轮到本单位审核", "url": f"{reverse('authority:plans')}{query}"},
        {
            "label": "待批准的双人事项",
            "number": len(mine[:SHOWN]),
            "note": "需要第二个人签名",
            "url": reverse("authority:proposals"),
        },
    ]
    if request.actor.may(Right.DUPLICATE_DECIDE):
        cases = len(open_cases(request.actor)[: SHOWN + 1])
        note = "学生在此期间不生成学籍" if cases <= SHOWN else f"只列出最相似的{SHOWN}项"
        found.append(
            {"label": "待裁定的查重", "number": min(cases, SHOWN), "note": note, "url": reverse("authority:cases")}
        )
    return found + _disputes(request)


def _disputes(request: Request) -> list[dict[str, object]]:
    if not request.actor.may(Right.DISPUTE_READ):
        return []
    number = len(waiting_disputes(request.actor)[: SHOWN + 1])
    url = reverse("authority:disputes")
    return [{"label": "待办理的志愿异议", "number": number, "note": "办结之前不能集中录取", "url": url}]
