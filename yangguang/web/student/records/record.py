"""学籍确认: the student confirms the record or reports an error in it. (S23-4.04, F-B10)"""

from datetime import datetime
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang.actions.records import records
from yangguang.models import Confirmation, StudentRecord
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused
from yangguang.rules.records import record_states
from yangguang.rules.records.record_fields import FIELDS
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation as ConfirmationPage
from yangguang.web.kit.confirmation import Effects, redirect_to, submitted_data
from yangguang.web.kit.confirmation import confirm as confirm_act
from yangguang.web.kit.forms import add_refusal
from yangguang.web.student.base.layout import confirmation, render_page

Opinion = Confirmation.Opinion
_ACTS = {Opinion.AGREES: "确认学籍一致", Opinion.WRONG: "报告学籍有误", Opinion.NOT_ME: "说明这不是我"}


class RecordForm(forms.Form):
    """一致, 有误 with its field, or 不是我."""

    opinion = forms.ChoiceField(label="您的意见", choices=Opinion.choices, widget=forms.RadioSelect)
    field = forms.ChoiceField(
        label="有误的栏目", choices=[("", "（选“有误”时指出哪一栏）"), *FIELDS.items()], required=False
    )
    note = forms.CharField(
        label="说明",
        help_text="写明应当是什么，最多200字；不要写完整的身份证号",
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or {}
        is_wrong = cleaned.get("opinion") == Opinion.WRONG
        if is_wrong and not cleaned.get("field"):
            self.add_error("field", "请指出哪一栏有误")
        return cleaned | {"field": cleaned.get("field", "") if is_wrong else ""}


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: Request, record: UUID) -> HttpResponse:
    """The fields of the record, and the form for the student's opinion."""
    rows = StudentRecord.objects.for_actor(request.actor, Right.RECORD_CONFIRM)
    row: StudentRecord = rows.select_related("school", "person", "admission__application").get_or_not_found(
        public_id=record
    )
    form = RecordForm(submitted_data(request) if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        prepared = records.confirm.prepare(by=request.actor, record=row, **form.cleaned_data)
        done = redirect_to(reverse("student:record", args=[row.public_id]))
        try:
            return confirm_act(request, prepared, lambda: _build_confirmation(request, row, form), done)
        except Refused as refusal:
            add_refusal(form, refusal)
    return _render_record(request, row, form)


def _render_record(request: Request, record: StudentRecord, form: RecordForm) -> HttpResponse:
    values = {
        "title": "核对学籍",
        "record": record,
        "form": form,
        "facts": _fields_of(record),
        "can_confirm": record.state == record_states.COMPLETED,
        "history": _list_history(record),
    }
    status = 422 if form.errors else 200
    application = record.admission.application
    return render_page(request, "student/records/record.html", values, application=application, status=status)


def _list_history(record: StudentRecord) -> list[tuple[datetime, str, str]]:
    """(instant, who, what): the student's own reports, and what the school did about them."""
    reports = record.confirmations.all()
    said = [(one.recorded_at, "您", f"{one.get_opinion_display()}{_describe_report(one)}") for one in reports]
    done = [(one.recorded_at, "学校", one.note) for one in record.events.filter(kind="补充")]
    return sorted([*said, *done])


def _describe_report(report: Confirmation) -> str:
    return "：" + "，".join(filter(None, (report.field_label, report.note))) if report.field or report.note else ""


def _fields_of(record: StudentRecord) -> list[tuple[str, str]]:
    """(label, value) of every field, in the words of the form; the name is not masked, since it is confirmed."""
    person = record.person
    return [
        ("姓名", person.name),
        ("证件号码", person.id_number),
        ("性别", person.sex),
        ("出生日期", f"{person.born_on:%Y年%m月%d日}"),
        ("学校", record.school.name),
        ("专业", record.major),
        ("培养类型", record.get_programme_type_display()),
        ("入学日期", f"{record.entered_on:%Y年%m月%d日}"),
        ("班级", record.school_class or "学校还没有填写"),
        ("省级学籍号", record.number),
        ("全国学籍号", record.national_number or "由全国系统给出后显示"),
    ]


def _build_confirmation(request: Request, record: StudentRecord, form: RecordForm) -> ConfirmationPage:
    opinion, back = Opinion(form.cleaned_data["opinion"]), reverse("student:record", args=[record.public_id])
    effects, is_danger = _describe_effects(record, opinion, form.cleaned_data["field"]), opinion == Opinion.NOT_ME
    act = _ACTS[opinion]
    return confirmation(request, "学籍确认", f"{act}？", act, effects, back, is_danger=is_danger)


def _describe_effects(record: StudentRecord, opinion: Confirmation.Opinion, field: str) -> Effects:
    return {
        Opinion.AGREES: [
            (f"您确认在{record.school.name}的学籍各栏与本人一致。", False),
            ("确认以后，平台上不能再改；发现不对的，请联系学校和县级招生主管部门。", True),
        ],
        Opinion.WRONG: [
            (f"“{FIELDS.get(field, '')}”退回学校改正，改正后再请您核对。", False),
            ("改正之前，这条学籍不会上报。", True),
        ],
        Opinion.NOT_ME: [
            (f"这条学籍退回学校，学校看到您报告“{Opinion.NOT_ME.label}”；改正之前不会上报。", True),
            ("请同时联系学校所在地的县级招生主管部门核查；不需要您交任何费用。", False),
        ],
    }[opinion]
