"""The school's records: made by themselves, shared out into classes in one act, confirmed by the students.
(F-B10, F-E1)
"""

from collections import Counter

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yangguang.actions.records import records as acts
from yangguang.models import StudentRecord
from yangguang.queries.records.records import at_school, shared_out
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused
from yangguang.rules.records import record_states
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, confirm, redirect_to, submitted_data
from yangguang.web.kit.forms import Filters, beside
from yangguang.web.kit.paging import page_of
from yangguang.web.school.base.layout import framed, own_school, page


class RecordFilters(Filters):
    """State, class and number."""

    state = forms.ChoiceField(label="状态", choices=[("", "全部"), *record_states.TRANSITIONS.states.items()])
    school_class = forms.CharField(label="班级", max_length=40)
    number = forms.CharField(label="省级学籍号", max_length=20)


class ClassForm(forms.Form):
    """Either all that wait are shared out, or the ticked ones go into one class."""

    size = forms.IntegerField(
        label="每班最多人数",
        min_value=1,
        max_value=120,
        initial=45,
        help_text="同专业、同学制、同季次的编在一起",
    )
    school_class = forms.CharField(
        label="班级名称",
        max_length=40,
        required=False,
        help_text="把勾选的学籍编入这个班；不填则按上面的人数自动分班",
    )


@require_safe
def records(request: Request) -> HttpResponse:
    """The list of records, with what the school has to do about them."""
    return _shown(request)


def _shown(request: Request, form: ClassForm | None = None, status: int = 200) -> HttpResponse:
    school, filters = own_school(request, Right.RECORD_READ), RecordFilters(request.GET, auto_id="filter_%s")
    rows = StudentRecord.objects.for_actor(request.actor, Right.RECORD_READ).filter(school=school)
    for name, value in filters.chosen.items():
        rows = rows.filter(**{name: value}) if value else rows
    rows = rows.select_related("person", "admission__application").prefetch_related("confirmations")
    values = {
        "filter": filters,
        "numbers": at_school(school),
        "form": form or ClassForm(),
        "may_complete": request.actor.may(Right.RECORD_COMPLETE),
        "list": page_of(request, rows, ("number",)),
    }
    return page(request, "records/records", values, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def classes(request: Request) -> HttpResponse:
    """Fill in classes for many records at once, after the proposal was looked at."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("school:records"))
    school, sent = own_school(request, Right.RECORD_COMPLETE), submitted_data(request)
    form, ticked = ClassForm(sent), sent.getlist("numbers")
    if form.is_valid():
        named = form.cleaned_data["school_class"]
        shared = dict.fromkeys(ticked, named) if named else shared_out(school, form.cleaned_data["size"])
        done = f"{reverse('school:records')}?state={record_states.COMPLETED}"
        try:
            page = _page(request, shared)
            prepared = acts.complete.prepare(by=request.actor, school=school, classes=shared)
            return confirm(request, prepared, lambda: page, redirect_to(done))
        except Refused as refusal:
            beside(form, refusal)
    return _shown(request, form, status=422)


def _page(request: Request, shared: dict[str, str]) -> Confirmation:
    if not shared:
        raise Refused(
            "没有要补充的学籍", why="没有勾选学籍，也没有等待分班的学籍", now="请勾选学籍并填写班级名称"
        )
    effects = [
        ("每名学生会收到短信，请本人逐项核对并确认学籍。", False),
        ("提交后班级不能直接修改；学生报告有误的，退回到这里重新补充。", True),
    ]
    context = framed(request) | {"classes": sorted(Counter(shared.values()).items())}
    title = f"为 {len(shared)} 条学籍填写班级？"
    back = reverse("school:records")
    return Confirmation(
        title, "提交班级", effects, back, context=context, template="school/records/classes.html"
    )
