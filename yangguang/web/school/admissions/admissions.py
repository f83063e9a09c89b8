"""Admissions of the school: cutoffs, admitted students, waiting lists. (F-C3, F-D8)"""

from django import forms
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yangguang.models import Admission
from yangguang.models.base.scoping import ScopedQuerySet
from yangguang.queries.admissions.school_overview import list_cutoffs
from yangguang.queries.admissions.waiting_list import count_waiting_by_programme
from yangguang.queries.seasons.seasons import rounds_of
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions import admission_states
from yangguang.rules.admissions.status_text import describe_answer
from yangguang.rules.base.folding import fold_number
from yangguang.rules.runs.rounds import RoundKind
from yangguang.web.kit.actor import Request
from yangguang.web.kit.forms import CleanedChar, Filters
from yangguang.web.kit.paging import page_of
from yangguang.web.school.base.layout import own_school, page, season_of

HOLDING = "HOLDING"
STATES = [("", "全部"), (HOLDING, "持有名额"), *admission_states.TRANSITIONS.states.items()]
PATHS = {"number": "application__number", "programme": "programme__code", "round": "round__number"}


class AdmissionFilters(Filters):
    """报名号, programme, round and state."""

    number = CleanedChar(read=fold_number, label="报名号")
    programme = CleanedChar(read=fold_number, label="计划行代码")
    round = forms.TypedChoiceField(label="批次", coerce=int, empty_value=None)
    state = forms.ChoiceField(label="状态", choices=STATES)


@require_safe
def cutoffs(request: Request) -> HttpResponse:
    """The cutoff of every programme in every published round."""
    school, season = own_school(request, Right.ADMISSION_PROPOSE), season_of(request)
    values = {"season": season, "cutoffs": list_cutoffs(school, season)}
    return page(request, "admissions/admissions", values)


@require_safe
def admitted(request: Request) -> HttpResponse:
    """The admitted students with masked names, paged by 报名号 and round."""
    school, season = own_school(request, Right.ADMISSION_PROPOSE), season_of(request)
    form = AdmissionFilters(request.GET)
    rounds = [(str(round.number), round.name) for round in rounds_of(season)]
    form.fields["round"].choices = [("", "全部批次"), *rounds]  # type: ignore[attr-defined]
    rows = Admission.objects.for_actor(request.actor, Right.ADMISSION_PROPOSE)
    rows = _filter_rows(rows.filter(round__season=season, school=school), form)
    rows = rows.select_related("application", "person", "programme", "round", "quota")
    listed = page_of(request, rows, ("application__number", "round__number"))
    answers = [
        (row, describe_answer(row.state, RoundKind(row.round.kind), row.answer_by, row.answered_at))
        for row in listed.rows
    ]
    values = {"season": season, "filter": form, "list": listed, "rows": answers}
    return page(request, "admissions/admitted", values)


@require_safe
def waiting_lists(request: Request) -> HttpResponse:
    """Numbers only: the school sees a name once the student is admitted."""
    school, season = own_school(request, Right.ADMISSION_PROPOSE), season_of(request)
    lists = count_waiting_by_programme(school, season)
    return page(request, "admissions/waiting_list", {"season": season, "lists": lists})


def _filter_rows(rows: ScopedQuerySet, form: AdmissionFilters) -> ScopedQuerySet:
    chosen = form.chosen
    state = chosen.pop("state")
    if state:
        rows = rows.filter(state__in=admission_states.LIVE if state == HOLDING else (state,))
    return rows.filter(**{PATHS[name]: value for name, value in chosen.items() if value})
