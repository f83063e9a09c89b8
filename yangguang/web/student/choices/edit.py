"""志愿填报: a draft that is put together by pressing, saved with every press, in force only when submitted.
(F-B3, F-B4)
"""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yangguang import clock
from yangguang.actions.admissions import direct_enrolment, transfers
from yangguang.actions.choices import choices as actions
from yangguang.models import Admission, Application
from yangguang.queries.admissions.current_admission import find_current_admission
from yangguang.queries.applicants import student_home
from yangguang.queries.choices.programme_options import OpenRound, Wanted, offers, rounds_for
from yangguang.queries.organisation.units import areas_with_schools
from yangguang.queries.runs.preconditions import DIRECT
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons.windows import check_open
from yangguang.web.kit.actor import Request
from yangguang.web.student.base.forms import OfferFilter
from yangguang.web.student.base.layout import show
from yangguang.web.student.choices.draft import Draft, draft_in, final_in, moved, open_first, picked

SIZE = 12


@require_safe
def choices(request: Request, application: UUID, number: int) -> HttpResponse:
    """The draft in order, and what can be added to it."""
    found = student_home.application(request.actor, application)
    at = clock.now()
    rounds = rounds_for(found, at)
    here = picked(rounds, number)
    if here is None:
        return show(request, "student/choices/no_round.html", {"title": "志愿填报"}, application=found)
    draft = (final_in if here.is_over else draft_in)(request.actor, found, here.round, at)
    held = find_current_admission(found) if here.is_direct else None
    values = {
        "title": "志愿填报", "here": here, "draft": draft, "at": at, "held": held, "barred": _barred(found, here, held),
        "rounds": [_tab(found.public_id, one, one is here) for one in open_first(rounds)],
        **({} if here.is_over else _search(request, draft, at)),
    }  # fmt: skip
    return show(request, "student/choices/choices.html", values, application=found)


def _barred(of: Application, here: OpenRound, held: Admission | None) -> Refused | None:
    """Why this person can take none of the free seats, as the act itself would say it."""
    if here.is_over or not here.is_direct:
        return None
    try:
        if held:
            transfers.require_may_transfer(of, here.round)
        elif here.round.kind in DIRECT:
            direct_enrolment.require_may_enrol(of, here.round)
    except Refused as refusal:
        return refusal
    return None


@require_POST
def edit(request: Request, application: UUID, number: int) -> HttpResponse:
    """One press: add, move, remove, save, or go on to 核对; each of them saves the draft."""
    found = student_home.application(request.actor, application)
    at = clock.now()
    here = picked(rounds_for(found, at), number)
    if here is None or here.is_direct:
        raise Refused("现在没有可以填报志愿的批次", now="请到“我的进度”查看接下来的时间")
    if here.is_over:
        check_open("填报志愿", here.opens, here.closes, at)
    draft = draft_in(request.actor, found, here.round, at)
    programmes = moved(request.POST, draft, at)
    actions.save_draft(by=request.actor, application=found, programmes=programmes)
    page = "student:submit" if request.POST.get("act") == "check" else "student:choices"
    back = reverse(page, args=[found.public_id, number])
    query = request.POST.get("query", "") if page == "student:choices" else ""
    return HttpResponseRedirect(back + (f"?{query}#offers" if query else ""))


def _search(request: Request, draft: Draft, at: Any) -> dict[str, Any]:
    form = OfferFilter(areas_with_schools(), request.GET)
    chosen = form.chosen
    wanted = Wanted(chosen["q"], chosen["area"], chosen["programme_type"], request.GET.get("after", ""))
    found = offers(draft.round, draft.application, wanted, at, SIZE)
    query = request.GET.copy()
    query.pop("after", None)
    first = f"?{query.urlencode()}#offers" if request.GET.get("after") else ""
    if len(found) > SIZE:
        query["after"] = found[SIZE - 1].code
    more = f"?{query.urlencode()}#offers" if len(found) > SIZE else ""
    names = {"filter": form, "offers": found[:SIZE], "next": more, "first": first}
    return names | {"query": request.GET.urlencode()}


def _tab(application: UUID, one: Any, is_here: bool) -> tuple[str, str, bool, None]:
    return (one.round.name, reverse("student:choices", args=[application, one.round.number]), is_here, None)
