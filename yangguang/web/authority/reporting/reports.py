"""Monthly forms: which units have filed, one form, its print page and its files. (S23-5.05, S24-5.07, F-G2, F-N10)"""

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from yangguang import clock
from yangguang.actions.base.action import Action
from yangguang.actions.reporting import reports as acts
from yangguang.models import MonthlyReport, ReportStep, Unit
from yangguang.queries.reporting.filings import Filing, filings_of, is_sent_above, timeliness_of
from yangguang.queries.reporting.report_steps import find_return, list_steps, order_steps, signatures_of
from yangguang.queries.reporting.reports import CITY, PROVINCE, find_technician_count, shape_of
from yangguang.queries.seasons.policy_rules import rule_at
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.reporting import report_states
from yangguang.rules.reporting.forms import REST
from yangguang.rules.reporting.targets import explain_rate
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.windows import SHANGHAI
from yangguang.sheets import render_csv, render_html, render_print, render_xlsx
from yangguang.sheets.monthly import fill_report
from yangguang.web.authority.base.layout import page, unit_of, year_of
from yangguang.web.authority.reporting.report_matrix import build_matrix, tabulate_matrix
from yangguang.web.kit.actor import Request
from yangguang.web.kit.chart_files import send_chart
from yangguang.web.kit.navigation import keep_season

FILES = {
    "xlsx": (render_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (render_csv, "text/csv; charset=utf-8"),
}
SHORT = {CITY: "报市表（附件2）", PROVINCE: "报省表（附件）"}
ACTS: dict[str, Action[..., MonthlyReport]] = {
    "review": acts.review,
    "reopen": acts.reopen,
    "seal": acts.seal,
    "send": acts.send,
    "receive": acts.receive,
    "return_back": acts.return_back,
}


@require_safe
def reports(request: Request) -> HttpResponse:
    """One month: the unit's own form, and the forms of the units below."""
    unit, now = unit_of(request, Right.MONTHLY_REPORT_SEE_BOTH_LINES), clock.now()
    months = list(rule_at(now, policy_keys.REPORT_MONTHS).value)
    year, month = year_of(request), _month(request, months, now.astimezone(SHANGHAI).month)
    form = _form(request, unit)
    params = {"year": year, "month": month, "form": form, "unit": unit.public_id}
    rows = filings_of(unit, form, year, month, now, months)
    chosen = request.GET.get("season", "")
    matrix = build_matrix(rows, year, months, month, now, lambda one: keep_season(_link(params, month=one), chosen))
    links = {
        "forms": [(title, _link(params, form=f), f == form, None) for f, title in SHORT.items()],
        "compute": reverse("authority:report_compute") + _link(params),
        "hand_over": reverse("authority:report_hand_over") + _link(params),
    }
    values = params | links | _count_missing(rows) | _possible_acts(request, unit, form, rows)
    values |= {"unit": unit, "handed_over": find_technician_count(unit, year, month)} | _describe_rows(unit, rows)
    values["matrix"] = matrix
    return send_chart(request, {"months": tabulate_matrix(matrix)}) or page(request, "reporting/reports", values)


def _describe_rows(unit: Unit, rows: list[Filing]) -> dict[str, object]:
    """The rows, those with a number, that of the unit itself, and whom the targets of the rows count."""
    return {
        "rows": rows,
        "filled": [row for row in rows if row.report or row.technicians is not None],
        "late": sum(row.months[month].is_late for row in rows for month in row.months),
        "own": next((row for row in rows if row.unit_id == str(unit.public_id)), None),
        "scopes": sorted({row.rate_scope for row in rows if row.rate_scope}),
    }


def _form(request: Request, unit: Unit) -> str:
    """The form in the address, else the one the actor's office has most to do with."""
    is_provincial = unit.level == Unit.Level.PROVINCE or request.actor.sector == Sector.LABOUR
    form = request.GET.get("form", "")
    return form if form in SHORT else PROVINCE if is_provincial else CITY


def _count_missing(rows: list[Filing]) -> dict[str, int]:
    """How many of the units that send a form have not sent it, or not handed over the number of technician schools."""
    due = [row for row in rows if row.is_due]
    to_hand_over = [row for row in due if row.has_technicians]
    return {
        "due": len(due),
        "not_sent": sum(not row.is_sent for row in due),
        "to_hand_over": len(to_hand_over),
        "not_handed_over": sum(row.technicians is None for row in to_hand_over),
    }


def _possible_acts(request: Request, unit: Unit, form: str, rows: list[Filing]) -> dict[str, bool]:
    by, has_labour_number = request.actor, form == PROVINCE and unit.level != Unit.Level.PROVINCE
    may_hand_over = bool(by.may(Right.MONTHLY_REPORT_HAND_OVER)) and by.unit == unit.pk
    return {
        "is_labour": by.sector == Sector.LABOUR,
        "may_fill": _may_compute(request, unit, rows),
        "may_hand_over": has_labour_number and may_hand_over,
        "has_labour_number": has_labour_number,
    }


def _link(params: dict[str, object], **changes: object) -> str:
    return "?" + urlencode({**params, **changes})


def _may_compute(request: Request, unit: Unit, rows: list[Filing]) -> bool:
    """Whether the actor computes the form of the actor's unit, and it is not reviewed yet."""
    by = request.actor
    is_own = by.unit == unit.pk and by.sector != Sector.LABOUR and by.may(Right.MONTHLY_REPORT_FILL) is not None
    states = {row.state for row in rows if row.unit_id == str(unit.public_id)}
    return is_own and bool(states & {"", report_states.COMPUTED, report_states.RETURNED})


def _month(request: Request, months: list[int], now: int) -> int:
    """The month in the query string, else the latest one that has begun."""
    text = request.GET.get("month", "")
    chosen = {str(m): m for m in months}.get(text.removeprefix("0"))
    return chosen or max((m for m in months if m <= now), default=months[0])


def get_report(request: Request, public_id: UUID) -> MonthlyReport:
    """One report the actor may read.

    Raises:
        NotFound: there is none.
    """
    rows = MonthlyReport.objects.for_actor(request.actor, Right.MONTHLY_REPORT_SEE_BOTH_LINES)
    rows = rows.select_related("unit__parent", "reviewed_by", "sealed_by", "received_by")
    report: MonthlyReport = rows.get_or_not_found(public_id=public_id)
    return report


class ReturnForm(forms.Form):
    """Why a form is returned."""

    reason = forms.CharField(
        label="退回原因",
        max_length=200,
        help_text="写明哪个数字要改、为什么；填报单位会看到。不要写学生的姓名和号码。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_safe
def report(request: Request, report: UUID) -> HttpResponse:
    """The form as it is printed, with the acts that are possible."""
    return render_report(request, get_report(request, report), ReturnForm())


def render_report(request: Request, row: MonthlyReport, form: ReturnForm, status: int = 200) -> HttpResponse:
    """The page of a form, with what was typed to return it."""
    now, steps = clock.now(), list_steps(row)
    refusals = {name: _refusal(request, action, row, now) for name, action in ACTS.items()}
    is_own = request.actor.unit == row.unit_id and request.actor.sector != Sector.LABOUR
    back = f"?year={row.year}&month={row.month}&form={row.form}"
    values = {
        "report": row,
        "paper": render_html(fill_report(row)),
        "held_back": row.rows[0].get("held_back", 0),
        "explanation": _explain_numbers(row),
        **_describe_steps(row, steps),
        "is_sealed": row.state in report_states.FINAL,
        "return_form": form,
        "acts": {name: refusal is None for name, refusal in refusals.items()} | {"compute": is_own},
        "waits": refusals["seal"] if is_own and row.state == report_states.REVIEWED else None,
        "timeliness": timeliness_of(row, now),
        "trail": [("月报", reverse("authority:reports") + back), (f"{row.unit.name}{row.month}月", "")],
    }
    return page(request, "reporting/report", values, status=status)


def _describe_steps(report: MonthlyReport, steps: list[ReportStep]) -> dict[str, object]:
    return {
        "steps": steps,
        "order": order_steps(steps, is_sent=is_sent_above(report)),
        "signatures": signatures_of(steps),
        "returned": find_return(steps),
    }


def _explain_numbers(report: MonthlyReport) -> str:
    """How the rate is computed from which numbers, and whom the column of the rest counts."""
    row, shape = report.rows[0], shape_of(report)
    rate = explain_rate(row.get("counted", 0), row["target"], row.get("rate_scope", ""))
    rest = f"“{shape.headings[REST]}”包括表上没有单独一列的培养类型。" if REST in shape.parts else ""
    return f"{rate}招生总数按表自己的口径，可以比这个数大。{rest}"


def _refusal(
    request: Request, action: Action[..., MonthlyReport], report: MonthlyReport, at: datetime
) -> Refused | None:
    """Why the act would be refused now, so that no button is displayed that cannot work; None if it would not be."""
    reason = {"reason": "—"} if action is acts.return_back else {}
    try:
        action.prepare(by=request.actor, report=report, **reason).preflight(at)
    except Refused as refusal:
        return refusal
    return None


@require_safe
def print_page(request: Request, report: UUID) -> HttpResponse:
    """The print page of the form, A4."""
    return HttpResponse(render_print(fill_report(get_report(request, report))))


@require_safe
def download(request: Request, report: UUID, kind: str) -> HttpResponse:
    """The form as a file."""
    if kind not in FILES:
        raise Http404
    row = get_report(request, report)
    render, mime = FILES[kind]
    name = f"{row.form.lower()}-{row.unit.code}-{row.year}-{row.month:02d}.{kind}"
    headers = {"Content-Disposition": str(content_disposition_header(as_attachment=True, filename=name))}
    return HttpResponse(render(fill_report(row)), content_type=mime, headers=headers)
