"""What everyone may know of the results: counts, where each list ended, and the proofs; never a name. (F-A4, F-D3)"""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang import clock
from yangguang.models import AdmissionRun, Unit
from yangguang.queries.disclosure.public_disclosure import (
    PublicRound,
    list_public_numbers,
    list_public_rounds,
    read_small_cell,
)
from yangguang.queries.runs.runs import Disclosed, list_disclosed
from yangguang.queries.seasons.seasons import current_season
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import NotFound
from yangguang.rules.runs import run_states
from yangguang.rules.runs.published_properties import PropertyState
from yangguang.web.kit.actor import Request
from yangguang.web.kit.paging import Page, forward_page
from yangguang.web.public.base.layout import HOME
from yangguang.web.public.base.page_cache import cache_for_guests

SIZE = 20
BADGES = {PropertyState.HOLDS: "done", PropertyState.BROKEN: "refused", PropertyState.UNCHECKED: "waiting"}


@require_safe
@cache_for_guests
def round_list(request: Request) -> HttpResponse:
    """The rounds of the season with their public numbers."""
    season, at = current_season(), clock.now()
    rounds = list_public_rounds(season)
    values = {
        "season": season,
        "rounds": list(zip(rounds, list_public_numbers(rounds, at), strict=True)),
        "school": _find_school(request),
        "small": read_small_cell(at),
        "trail": [HOME, ("录取公示", "")],
    }
    return render(request, "public/disclosure/rounds.html", values)


@require_safe
@cache_for_guests
def round_page(request: Request, public_id: UUID) -> HttpResponse:
    """One published round: every programme with its numbers, the verifier's report, the seed and the digests."""
    at, round, school = clock.now(), _get_round(public_id), _find_school(request)
    runs = AdmissionRun.objects.for_actor(request.actor, Right.RESULT_PUBLIC_STATS).defer("snapshot")
    run = runs.get(round=round.pk, state=run_states.PUBLISHED)
    values = {
        "round": round,
        "run": run,
        "school": school,
        "page": _list_programmes(request, run, at, school),
        "small": read_small_cell(at),
        "verdicts": [
            (one, BADGES[one["state"]], PropertyState(one["state"]).label) for one in run.report.get("verdicts", [])
        ],
        "numbers": list_public_numbers([round], at)[0],
        "trail": [HOME, ("录取公示", reverse("public:disclosure")), (round.name, "")],
    }
    return render(request, "public/disclosure/round.html", values)


def _get_round(public_id: UUID) -> PublicRound:
    for round in list_public_rounds(current_season()):
        if round.public_id == public_id and round.has_published_list:
            return round
    raise NotFound("这个批次的结果还没有公布", why="只有已公布的批次才有公示", now="请从录取公示的列表进入")


def _list_programmes(request: Request, run: AdmissionRun, at: datetime, school: Unit | None) -> Page[Disclosed]:
    after = request.GET.get("after", "").replace("\x00", "")
    rows = list_disclosed(run, at, school=school.pk if school else None, after=after, limit=SIZE + 1)
    return forward_page(request, rows[:SIZE], rows[SIZE - 1].code if len(rows) > SIZE else "")


def _find_school(request: Request) -> Unit | None:
    """The school that the address names by its code, if any."""
    code = request.GET.get("school", "").replace("\x00", "")
    schools = Unit.objects.for_actor(request.actor, Right.SCHOOL_DIRECTORY_READ)
    school: Unit | None = schools.filter(level=Unit.Level.SCHOOL, code=code).first() if code else None
    return school
