"""学籍确认: the student's own word on the record, 一致, 有误 with the field, or 不是我. (S23-4.04, F-B10)"""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang.actions.records import records
from yangguang.models import Confirmation, StudentRecord
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused
from yangguang.rules.records import record_states
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation as ConfirmationPage
from yangguang.web.kit.confirmation import Effects, redirect_to, submitted_data
from yangguang.web.kit.confirmation import confirm as confirm_act
from yangguang.web.kit.forms import beside
from yangguang.web.student.base.forms import RecordForm
from yangguang.web.student.base.layout import frame, show

_LABELS = {
    Confirmation.Says.AGREES: "确认学籍一致",
    Confirmation.Says.WRONG: "报告学籍有误",
    Confirmation.Says.NOT_ME: "说明这不是我",
}


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: Request, record: UUID) -> HttpResponse:
    """The record field by field, and what one says of it."""
    rows = StudentRecord.objects.for_actor(request.actor, Right.RECORD_CONFIRM).select_related(
        "school", "person", "admission__application"
    )
    found = rows.get_or_not_found(public_id=record)
    form = RecordForm(submitted_data(request) if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        prepared = records.confirm.prepare(by=request.actor, record=found, **form.chosen)
        done = redirect_to(reverse("student:record", args=[found.public_id]))
        try:
            return confirm_act(request, prepared, lambda: _page(request, found, form.chosen), done)
        except Refused as refusal:
            beside(form, refusal)
    values = {
        "title": "学籍确认", "record": found, "form": form, "facts": facts_of(found),
        "waits": found.state == record_states.COMPLETED, "says": found.get_state_display(),
    }  # fmt: skip
    of = found.admission.application
    return show(
        request, "student/records/record.html", values, application=of, status=422 if form.errors else 200
    )


def facts_of(record: StudentRecord) -> list[tuple[str, Any]]:
    """Field by field, in the words the form offers; nobody can confirm a name behind stars."""
    person = record.person
    return [
        ("姓名", person.name), ("证件号码", person.id_number), ("性别", person.sex),
        ("出生日期", f"{person.born_on:%Y年%m月%d日}"), ("学校", record.school.name), ("专业", record.major),
        ("培养类型", record.get_programme_type_display()), ("入学日期", f"{record.entered_on:%Y年%m月%d日}"),
        ("班级", record.school_class or "学校还没有填写"), ("省级学籍号", record.number),
        ("全国学籍号", record.national_number or "由全国系统给出后显示"),
    ]  # fmt: skip


def _page(request: Request, record: StudentRecord, chosen: dict[str, Any]) -> ConfirmationPage:
    says = Confirmation.Says(chosen["says"])
    return ConfirmationPage(
        f"{_LABELS[says]}？",
        _LABELS[says],
        _effects(record, says, chosen["field"]),
        reverse("student:record", args=[record.public_id]),
        is_danger=says == Confirmation.Says.NOT_ME,
        context=frame(request, "学籍确认"),
    )


def _effects(record: StudentRecord, says: Confirmation.Says, field: str) -> Effects:
    return {
        Confirmation.Says.AGREES: [
            (f"您确认在{record.school.name}的学籍各栏与本人一致。", False),
            ("主管部门核验后上报全国系统；之后再要更改，须走学籍变动手续。", True),
        ],
        Confirmation.Says.WRONG: [
            (f"“{records.FIELDS.get(field, '')}”退回学校改正，改正后再请您核对。", False),
            ("改正之前，这条学籍不会上报。", True),
        ],
        Confirmation.Says.NOT_ME: [
            ("这条学籍立即停止上报，由主管部门核查。", True),
            ("核查期间可能有工作人员联系您；不需要您交任何费用。", False),
        ],
    }[says]
