"""Compute, review, seal and send a monthly form, each after a confirmation page. (S24-5.03, F-G2)"""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang import clock
from yangguang.actions.base.action import Action
from yangguang.actions.reporting import reports as acts
from yangguang.models import MonthlyReport, Unit
from yangguang.queries.reporting.reports import count_technicians, count_until
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused
from yangguang.web.authority.base.layout import confirmation, unit_of, year_of
from yangguang.web.authority.reporting.reports import SHORT, ReturnForm, get_report, render_report
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Effects, confirm_or_refuse, displayed_or, redirect_to, submitted_data

accept_form = require_http_methods(["GET", "HEAD", "POST"])


@accept_form
def compute(request: Request) -> HttpResponse:
    """Compute one form of one unit for one month."""
    unit, year = unit_of(request, Right.MONTHLY_REPORT_FILL), year_of(request)
    form, month = request.GET.get("form", ""), _month(request)
    back = f"{reverse('authority:reports')}?{request.GET.urlencode()}"
    if form not in SHORT:
        raise Refused("没有选择表式", now="请从月报页面重新进入")
    effects = [
        ("人数从已报到的学生逐个算出，没有可以填写的数字；正在查重的学生暂不计入。", False),
        ("已封存各月此后的变动，作为更正行列出。", False),
    ]
    prepared = acts.compute.prepare(by=request.actor, unit=unit, form=form, year=year, month=month)
    title = f"计算{unit.name}{year}年{month}月{SHORT[form]}？"
    page = confirmation(request, title, "计算月报", effects, back)
    return confirm_or_refuse(
        request, prepared, lambda: page, lambda report: redirect("authority:report", report.public_id)
    )


@accept_form
def review(request: Request, report: UUID) -> HttpResponse:
    """Mark the form as reviewed."""
    sealer = "" if get_report(request, report).unit.level == Unit.Level.COUNTY else "由另一个人封存。"
    effects = [(f"复核后不再重新计算；封存之前可以撤回复核。{sealer}", True)]
    return _act(request, report, acts.review, "复核", effects)


@accept_form
def reopen(request: Request, report: UUID) -> HttpResponse:
    """Take the review back."""
    return _act(request, report, acts.reopen, "撤回复核", [("本月月报可以重新计算，之后须再次复核。", False)])


@accept_form
def receive(request: Request, report: UUID) -> HttpResponse:
    """Confirm that the form has come in."""
    return _act(request, report, acts.receive, "签收", [("记下签收人和时间；数字不变。", False)])


@accept_form
def return_back(request: Request, report: UUID) -> HttpResponse:
    """Return the form to its unit, with the typed reason."""
    row, back = get_report(request, report), reverse("authority:report", args=[report])
    if request.method != "POST":
        return redirect(back)
    form = ReturnForm(submitted_data(request))
    if not form.is_valid():
        return render_report(request, row, form, status=422)
    reason = form.cleaned_data["reason"]
    prepared = acts.return_back.prepare(by=request.actor, report=row, reason=reason)
    effects = [
        ("本次的复核、封存和报送作废；填报单位重新计算、复核、封存并报送之后才算已报。", True),
        (f"填报单位会看到退回原因：{reason}", False),
    ]
    title = f"退回{row.unit.name}{row.year}年{row.month}月月报？"
    page = confirmation(request, title, "退回月报", effects, back, is_danger=True)
    return confirm_or_refuse(request, prepared, lambda: page)


@accept_form
def hand_over(request: Request) -> HttpResponse:
    """Hand the number of students of technician schools over to the education bureau."""
    unit, year = unit_of(request, Right.MONTHLY_REPORT_HAND_OVER), year_of(request)
    month = _month(request)
    number, _ = count_technicians(unit, year, count_until(clock.now(), year, month))
    effects = [
        (f"移交{year}年{month}月技工学校招生数 {number} 人，由教育部门汇总进报省表。", False),
        ("人数从已报到的学生逐个算出；以后人数有变动，可以再移交一次，教育部门重新计算后采用。", False),
    ]
    seen = displayed_or(request, str(number))
    prepared = acts.hand_over.prepare(by=request.actor, unit=unit, year=year, month=month, seen=seen)
    back = f"{reverse('authority:reports')}?{request.GET.urlencode()}"
    page = confirmation(request, f"移交{unit.name}{year}年{month}月技工学校招生数？", "移交", effects, back)
    return confirm_or_refuse(request, prepared, lambda: page, redirect_to(back))


def _month(request: Request) -> int:
    text = request.GET.get("month", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 3 and 0 < int(text) < 13):
        raise Refused("没有选择月份", now="请从月报页面重新进入")
    return int(text)


@accept_form
def seal(request: Request, report: UUID) -> HttpResponse:
    """Seal the form."""
    effects = [
        ("封存后任何人不能再改；以后的变动只能作为更正行出现在下月。", True),
        ("生成封存校验码，印在表下。", False),
    ]
    return _act(request, report, acts.seal, "封存", effects)


@accept_form
def send(request: Request, report: UUID) -> HttpResponse:
    """Send the form to the level above."""
    return _act(
        request, report, acts.send, "报送", [("报送给上级主管部门，不能撤回；上级签收后您会在本页看到。", True)]
    )


def _act(
    request: Request, public_id: UUID, action: Action[..., MonthlyReport], label: str, effects: Effects
) -> HttpResponse:
    report = get_report(request, public_id)
    title = f"{label}{report.unit.name}{report.year}年{report.month}月月报？"
    prepared = action.prepare(by=request.actor, report=report)
    back = reverse("authority:report", args=[public_id])
    page = confirmation(request, title, f"{label}月报", effects, back)
    return confirm_or_refuse(request, prepared, lambda: page)
