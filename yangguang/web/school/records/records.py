"""The school's records: listed, and completed with classes. (F-B10, F-E1)"""

import json
from collections import Counter

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yangguang import clock
from yangguang.actions.base.action import require_version
from yangguang.actions.records import records as acts
from yangguang.gateways.ciphers import sm3
from yangguang.models import Season, StudentRecord, Unit
from yangguang.queries.records.records import assign_classes, count_records
from yangguang.queries.seasons.policy_rules import rule_at
from yangguang.queries.seasons.seasons import current_season
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.folding import fold_number
from yangguang.rules.base.refusals import Refused
from yangguang.rules.records import record_states
from yangguang.rules.seasons import policy_keys
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, confirm, redirect_to, submitted_data
from yangguang.web.kit.displayed import UNKNOWN, read_displayed, seal_displayed
from yangguang.web.kit.forms import CleanedChar, Filters, add_refusal
from yangguang.web.kit.paging import page_of
from yangguang.web.school.base.layout import layout_context, own_school, page, season_of

STATES = [("", "全部（不含已注销）"), *record_states.TRANSITIONS.states.items()]

_PROPOSAL = "proposal"
"""Carried from the confirmation page: the digest of the proposed classes, which a new record would change."""


class RecordFilters(Filters):
    """Filters of the list."""

    state = forms.ChoiceField(label="状态", choices=STATES)
    school_class = forms.CharField(label="班级", max_length=40)
    number = CleanedChar(read=fold_number, label="省级学籍号")


class ClassForm(forms.Form):
    """Classes of a size for all records to complete, or one class for the ticked ones."""

    size = forms.IntegerField(
        label="每班最多人数", min_value=1, max_value=200, help_text="同专业、同学制、同季次的编在一起"
    )
    school_class = forms.CharField(
        label="班级名称", max_length=40, required=False, help_text="把勾选的学籍编入这个班；不填则按上面的人数自动分班"
    )


@require_safe
def records(request: Request) -> HttpResponse:
    """The list of records, with counts of those the school has to complete."""
    return _render_records(request)


def _filter_records(by: Actor, school: Unit, filters: RecordFilters, season: Season | None) -> QuerySet[StudentRecord]:
    """The school's records of a season, or of all, as filtered; without a state, those that are not cancelled."""
    rows: QuerySet[StudentRecord] = StudentRecord.objects.for_actor(by, Right.RECORD_READ)
    rows = rows.filter(school=school)
    for name, value in filters.chosen.items():
        rows = rows.filter(**{name: value}) if value else rows
    if not filters.chosen["state"]:
        rows = rows.exclude(state=record_states.CANCELLED)
    rows = rows.filter(admission__round__season=season) if season else rows
    return rows.select_related("person", "admission__application").prefetch_related("confirmations")


def _render_records(request: Request, form: ClassForm | None = None, status: int = 200) -> HttpResponse:
    school, filters = own_school(request, Right.RECORD_READ), RecordFilters(request.GET, auto_id="filter_%s")
    # The address of a number of the front page names the season that it counts.
    season = season_of(request) if "season" in request.GET else None
    listed = page_of(request, _filter_records(request.actor, school, filters, season), ("number",))
    values = {
        "displayed": seal_displayed(request, UNKNOWN, {row.number: str(row.version) for row in listed.rows}),
        "filter": filters,
        "season": season,
        "numbers": count_records(school),
        "form": form or ClassForm(initial={"size": rule_at(clock.now(), policy_keys.CLASS_SIZE).value}),
        "term": closing.get_term_display() if (closing := season or current_season()) else "",
        "may_complete": request.actor.may(Right.RECORD_COMPLETE),
        "list": listed,
    }
    return page(request, "records/records", values, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def classes(request: Request) -> HttpResponse:
    """Fill in the classes of many records, after a confirmation page with the proposal."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("school:records"))
    school, sent = own_school(request, Right.RECORD_COMPLETE), submitted_data(request)
    form, status = ClassForm(sent), 422
    if form.is_valid():
        try:
            return _confirm_classes(request, school, form, sent)
        except Refused as refusal:
            add_refusal(form, refusal)
            status = refusal.status
    return _render_records(request, form, status=status)


def _confirm_classes(request: Request, school: Unit, form: ClassForm, sent: QueryDict) -> HttpResponse:
    """Confirm exactly the classes that the page showed: those of the ticked records, or the proposal for all others."""
    name, size = form.cleaned_data["school_class"], form.cleaned_data["size"]
    classes = dict.fromkeys(sent.getlist("numbers"), name) if name else assign_classes(school, size)
    if not name:
        proposal = sm3(json.dumps(classes).encode()).hex()
        require_version(proposal, sent.get(_PROPOSAL, proposal))
        sent = sent.copy()
        sent[_PROPOSAL] = proposal
    page = _confirmation_page(request, classes, sent)
    seen = read_displayed(request, sent).values if name else None
    prepared = acts.complete.prepare(by=request.actor, school=school, classes=classes, seen=seen)
    return confirm(request, prepared, lambda: page, redirect_to(f"{page.back}?state={record_states.COMPLETED}"))


def _confirmation_page(request: Request, classes: dict[str, str], carry: QueryDict) -> Confirmation:
    if not classes:
        why = "没有勾选学籍，也没有等待分班的学籍"
        raise Refused("没有要补充的学籍", why=why, now="请勾选学籍并填写班级名称")
    effects = [
        ("每名学生会收到短信，请本人逐项核对并确认学籍。", False),
        ("提交后班级不能直接修改；学生报告有误的，退回到这里重新补充。", True),
    ]
    context = layout_context(request) | {"classes": sorted(Counter(classes.values()).items())}
    title = f"为 {len(classes)} 条学籍填写班级？"
    back, template = reverse("school:records"), "school/records/classes.html"
    return Confirmation(title, "提交班级", effects, back, context=context, template=template, carry=carry)
