"""Admissions of the school: where each programme was cut, and who holds a seat; computed centrally, never typed.
(F-C3)
"""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yangguang.models import Admission
from yangguang.queries.admissions.school_overview import cuts
from yangguang.queries.seasons.seasons import rounds_of, seasons
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions import admission_states
from yangguang.rules.admissions.status_text import say_answer
from yangguang.rules.seasons.rounds import RoundKind
from yangguang.web.kit.actor import Request
from yangguang.web.kit.forms import Filters
from yangguang.web.kit.paging import page_of
from yangguang.web.school.base.layout import own_school, page, season_of

HOLDING = "HOLDING"
STATES = [("", "全部"), (HOLDING, "持有名额"), *admission_states.TRANSITIONS.states.items()]


class AdmissionFilters(Filters):
    """报名号, programme, round and state."""

    number = forms.CharField(label="报名号", max_length=16)
    programme = forms.CharField(label="计划行代码", max_length=24)
    round = forms.TypedChoiceField(label="批次", coerce=int, empty_value=None)
    state = forms.ChoiceField(label="状态", choices=STATES)


@require_safe
def programmes(request: Request) -> HttpResponse:
    """The cut of every programme in every published round."""
    school, season = own_school(request, Right.ADMISSION_PROPOSE), season_of(request)
    values = {"season": season, "seasons": seasons(), "cuts": cuts(school, season)}
    return page(request, "admissions/admissions", values)


@require_safe
def people(request: Request) -> HttpResponse:
    """Who was admitted, masked, by key."""
    school, season = own_school(request, Right.ADMISSION_PROPOSE), season_of(request)
    form = AdmissionFilters(request.GET)
    rounds = [(str(one.number), one.name) for one in rounds_of(season)]
    form.fields["round"].choices = [("", "全部批次"), *rounds]  # type: ignore[attr-defined]
    chosen = form.chosen
    rows = Admission.objects.for_actor(request.actor, Right.ADMISSION_PROPOSE)
    rows = rows.filter(round__season=season, school=school)
    rows = _filtered(rows, chosen)
    rows = rows.select_related("application", "person", "programme", "round", "quota")
    shown = page_of(request, rows, ("application__number", "round__number"))
    values = {"season": season, "filter": form, "list": shown, "rows": [(r, _answer(r)) for r in shown.rows]}
    return page(request, "admissions/admitted", values)


def _filtered(rows: Any, chosen: dict[str, Any]) -> Any:
    if chosen["state"]:
        rows = rows.filter(
            state__in=admission_states.LIVE if chosen["state"] == HOLDING else (chosen["state"],)
        )
    for name, path in (
        ("number", "application__number"),
        ("programme", "programme__code"),
        ("round", "round__number"),
    ):
        if chosen[name]:
            rows = rows.filter(**{path: chosen[name]})
    return rows


def _answer(row: Admission) -> str:
    return say_answer(row.state, RoundKind(row.round.kind), row.answer_by, row.answered_at)
