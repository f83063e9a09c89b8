"""A bureau's front page: what waits for it, and the season in numbers, each leading to its list. (X2.01, X2.03)"""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang import clock
from yangguang.models import Sanction, Season
from yangguang.queries.accounts.proposals import list_open_proposals
from yangguang.queries.applicants.duplicates import open_cases
from yangguang.queries.choices.choice_history import list_disputes
from yangguang.queries.organisation.school_lists import list_publications
from yangguang.queries.plans.approval_steps import plans_to_review
from yangguang.queries.publicity.public_home import list_season_windows
from yangguang.queries.reporting.counts import Population
from yangguang.queries.reporting.progress import count_total
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.reporting.steps import Step
from yangguang.rules.seasons.windows import WindowKind, format_instant
from yangguang.web.authority.base.layout import page, season_of, unit_of
from yangguang.web.authority.base.persons_link import persons_link
from yangguang.web.kit.actor import Request
from yangguang.web.kit.layout import current_windows

MAX_COUNTED = 100
NOTES = {Step.REGISTERED: "户籍（生源）在本地区", Step.COUNTED: "已报到，不含正在查重的"}
OFFICE_WINDOWS = frozenset(WindowKind) - {WindowKind.PUBLICATION, WindowKind.ADMISSION, WindowKind.ANSWER}


@require_safe
def home(request: Request) -> HttpResponse:
    """Tasks, numbers, open windows."""
    unit, season = unit_of(request, Right.PLAN_APPROVE), season_of(request)
    values = {
        "unit": unit,
        "season": season,
        "tasks": list_tasks(request.actor, season),
        "counts": list_counts(request.actor, Population(season, unit)),
        "windows": current_windows(list_season_windows(season, clock.now()), OFFICE_WINDOWS),
    }
    return page(request, "base/home", values)


def list_counts(by: Actor, of: Population) -> list[dict[str, object]]:
    """The persons of the area at each step, in the shape of `components/stat.html`."""
    total = count_total(of, by)
    return [
        {
            "label": step.label,
            "number": number,
            "note": NOTES.get(step, ""),
            "url": persons_link(of, step) if total.is_readable(step) else "",
            "key": of.key(step),
        }
        for step, number in total.persons.items()
    ]


def list_tasks(by: Actor, season: Season) -> list[dict[str, object]]:
    """What waits for this bureau, as numbers up to `MAX_COUNTED`, in the shape of `components/stat.html`."""
    plans_url = f"{reverse('authority:plans')}?season={season.public_id}"
    proposals = list_open_proposals(by).exclude(proposed_by=by.account)
    tasks = [
        ("待审计划", len(plans_to_review(by, season)), "轮到本单位审核", plans_url),
        ("待批准的双人事项", len(proposals[:MAX_COUNTED]), "需要第二个人签名", reverse("authority:proposals")),
    ]
    if by.may(Right.SCHOOL_DIRECTORY_CHANGE):
        tasks.append(_describe_list(by, season))
    if by.may(Right.SANCTION_APPROVE):
        proposed = Sanction.objects.for_actor(by, Right.SANCTION_APPROVE).filter(decided_at=None)
        waiting = proposed.exclude(proposed_by=by.account).count()
        tasks.append(("待批准的处理措施", waiting, "批准并到起始时间才生效", reverse("authority:sanctions")))
    if by.may(Right.DUPLICATE_DECIDE):
        cases = len(open_cases(by)[: MAX_COUNTED + 1])
        note = "学生在此期间不生成学籍" if cases <= MAX_COUNTED else f"只列出最相似的{MAX_COUNTED}项"
        tasks.append(("待裁定的查重", min(cases, MAX_COUNTED), note, reverse("authority:cases")))
    if by.may(Right.DISPUTE_READ):
        disputes = len(list_disputes(by, waiting=True)[: MAX_COUNTED + 1])
        note = "办结之前不能集中录取" if disputes <= MAX_COUNTED else f"超过{MAX_COUNTED}项，办结之前不能集中录取"
        tasks.append(("待办理的志愿异议", min(disputes, MAX_COUNTED), note, reverse("authority:disputes")))
    return [{"label": label, "number": number, "note": note, "url": url} for label, number, note, url in tasks]


def _describe_list(by: Actor, season: Season) -> tuple[str, int, str, str]:
    """Whether the list of the season's year waits to be published, and when it last was."""
    published = list_publications(season.year, by.sector)
    note = f"最近一次公布：{format_instant(published[0].published_at)}" if published else "还没有公布，学校不能编报计划"
    return f"待公布的{season.year}年名录", 0 if published else 1, note, reverse("authority:school_lists")
