"""志愿填报: a draft that is saved with every press of a button and in force only when submitted. (F-B3, F-B4)"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yangguang import clock
from yangguang.actions.admissions import direct_enrolment, transfers
from yangguang.actions.choices import choices as actions
from yangguang.models import Admission, Application
from yangguang.queries.admissions.current_admission import find_current_admission
from yangguang.queries.applicants import student_home
from yangguang.queries.choices.own_places import describe_own_places
from yangguang.queries.choices.programme_options import OptionFilter, RoundWindow, find_options, rounds_for
from yangguang.queries.organisation.units import areas_with_schools
from yangguang.queries.runs.preconditions import DIRECT
from yangguang.rules.base.refusals import Refused, VersionConflict
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.seasons.windows import check_open
from yangguang.web.kit.actor import Request
from yangguang.web.kit.displayed import read_displayed
from yangguang.web.kit.forms import Filters
from yangguang.web.student.base.layout import render_page
from yangguang.web.student.choices.both_lists import render_both_lists, seal_draft
from yangguang.web.student.choices.draft import Draft, apply_edit, draft_on_page, load_draft, select_round

SIZE = 12


class OptionFilters(Filters):
    """Which programmes of a round are listed."""

    q = forms.CharField(label="学校或专业", max_length=40, help_text="可用拼音或首字母")
    area = forms.ChoiceField(label="地区")
    programme_type = forms.ChoiceField(label="培养类型")

    def __init__(self, areas: list[tuple[str, str]], types: Sequence[str], data: QueryDict) -> None:
        super().__init__(data)
        named = [(one, ProgrammeType(one).label) for one in types]
        self.fields["programme_type"].choices = [("", "不限"), *named]  # type: ignore[attr-defined]
        self.fields["area"].choices = [("", "不限"), *areas]  # type: ignore[attr-defined]


@require_safe
def choices(request: Request, application: UUID, number: int) -> HttpResponse:
    """The draft in order, and what can be added to it."""
    row = student_home.application(request.actor, application)
    at = clock.now()
    rounds = rounds_for(row, at)
    here = select_round(rounds, number)
    if here is None:
        return render_page(request, "student/choices/no_round.html", {"title": "志愿填报"}, application=row)
    draft = load_draft(request.actor, row, here.round, at, is_over=here.is_over)
    admission = find_current_admission(row) if here.is_direct else None
    ordered = sorted(rounds, key=lambda one: not one.is_open)
    addresses = [reverse("student:choices", args=[row.public_id, one.round.number]) for one in ordered]
    tabs = [(one.round.name, url, one is here, None) for one, url in zip(ordered, addresses, strict=True)]
    names = {"title": "志愿填报", "here": here, "draft": draft, "at": at, "admission": admission, "rounds": tabs}
    names["displayed"] = seal_draft(request, draft)
    values = names | {"barred": _refusal_to_take_seat(row, here, admission)}
    values |= {} if here.is_over else _search(request, draft, at)
    return render_page(request, "student/choices/choices.html", values, application=row)


def _refusal_to_take_seat(of: Application, here: RoundWindow, admission: Admission | None) -> Refused | None:
    """Why this person can take none of the free seats: what the action would raise."""
    if here.is_over or not here.is_direct:
        return None
    try:
        if admission:
            transfers.require_may_transfer(of, here.round)
        elif here.round.kind in DIRECT:
            direct_enrolment.require_may_enrol(of, here.round)
    except Refused as refusal:
        return refusal
    return None


@require_POST
def edit(request: Request, application: UUID, number: int) -> HttpResponse:
    """Add, move, remove, save, or go on to 核对; each of them saves the draft."""
    row = student_home.application(request.actor, application)
    at = clock.now()
    here = select_round(rounds_for(row, at), number)
    if here is None or here.is_direct:
        raise Refused("现在没有可以填报志愿的批次", now="请到“我的进度”查看接下来的时间")
    if here.is_over:
        check_open("填报志愿", here.opens, here.closes, at)
    draft, displayed = load_draft(request.actor, row, here.round, at), read_displayed(request, request.POST)
    programmes = apply_edit(request.POST, draft_on_page(displayed, draft, at), at)
    is_repeated = displayed.version != draft.version and programmes == draft.programmes
    if not is_repeated and not _save(request, row, here, programmes, displayed.version):
        return render_both_lists(request, row, here.round, programmes)
    return _answer_edit(request, row, here, at)


def _save(request: Request, row: Application, here: RoundWindow, programmes: list[int], seen: str) -> bool:
    """Save the draft; False where another list was saved meanwhile.

    The page's own script may have saved the same list at the same time, which is no conflict.
    """
    try:
        actions.save_draft(by=request.actor, application=row, programmes=programmes, seen=seen)
    except VersionConflict:
        fresh = student_home.application(request.actor, row.public_id)
        return load_draft(request.actor, fresh, here.round, clock.now()).programmes == programmes
    return True


def _answer_edit(request: Request, row: Application, here: RoundWindow, at: datetime) -> HttpResponse:
    """The next page; for the page's script, only what the page shows from now on."""
    act = request.POST.get("act")
    if act == "keep":
        fresh = student_home.application(request.actor, row.public_id)
        displayed = seal_draft(request, load_draft(request.actor, fresh, here.round, at))
        return HttpResponse(status=204, headers={"X-Shown": displayed})
    page = "student:submit" if act == "check" else "student:choices"
    back = reverse(page, args=[row.public_id, here.round.number])
    query = request.POST.get("query", "") if page == "student:choices" else ""
    return HttpResponseRedirect(back + (f"?{query}#offers" if query else ""))


def _search(request: Request, draft: Draft, at: datetime) -> dict[str, Any]:
    form = OptionFilters(areas_with_schools(), draft.round.programme_types, request.GET)
    chosen = form.chosen
    filters = OptionFilter(chosen["q"], chosen["area"], chosen["programme_type"], request.GET.get("after", ""))
    options = find_options(draft.round, draft.application, filters, at, SIZE)
    query = request.GET.copy()
    query.pop("after", None)
    first = f"?{query.urlencode()}#offers" if request.GET.get("after") else ""
    following = ""
    if len(options) > SIZE:
        query["after"] = options[SIZE - 1].code
        following = f"?{query.urlencode()}#offers"
    places = describe_own_places(draft.application, draft.round, {one.code for one in options[:SIZE]}, at)
    listed = [replace(option, place=places.get(option.code, "")) for option in options[:SIZE]]
    names = {"filter": form, "options": listed, "next": following, "first": first}
    return names | {"query": request.GET.urlencode()}
