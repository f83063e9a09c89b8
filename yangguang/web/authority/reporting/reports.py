"""Monthly forms: which units have filed, one form, its print page and its files. (S23-5.05, S24-5.07, F-G2, F-N10)"""

from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from yangguang import clock
from yangguang.models import MonthlyReport, Unit
from yangguang.queries.reporting.filings import Filing, filings_of
from yangguang.queries.reporting.reports import CITY, PROVINCE
from yangguang.queries.seasons.policy_rules import rules_at
from yangguang.rules.accounts.rights import Right
from yangguang.rules.reporting import report_states
from yangguang.rules.seasons.windows import SHANGHAI
from yangguang.sheets import render_csv, render_html, render_print, render_xlsx
from yangguang.web.authority.base.layout import page, unit_of, year_of
from yangguang.web.authority.reporting.printed_report import fill_stored_report
from yangguang.web.kit.actor import Request

FILES = {
    "xlsx": (render_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (render_csv, "text/csv; charset=utf-8"),
}
SHORT = {CITY: "报市表（附件2）", PROVINCE: "报省表（附件）"}
ACTS = {"review": Right.MONTHLY_REPORT_FILL, "seal": Right.MONTHLY_REPORT_SEAL, "send": Right.MONTHLY_REPORT_SEAL}


@require_safe
def reports(request: Request) -> HttpResponse:
    """One month: the unit's own form, and the forms of the units below."""
    unit, today = unit_of(request, Right.MONTHLY_REPORT_SEE_BOTH_LINES), clock.now().astimezone(SHANGHAI)
    months = list(rules_at(today, "report.months")["report.months", ""].value)
    year, month = year_of(request), _month(request, months, today.month)
    form = request.GET.get("form", "") if request.GET.get("form") in SHORT else _default_form(unit)
    params = {"year": year, "month": month, "form": form, "unit": unit.public_id}
    rows = filings_of(unit, form, year, month)
    values = {
        "unit": unit,
        "year": year,
        "month": month,
        "rows": rows,
        "missing": sum(not row.state for row in rows),
        "months": [(f"{m}月", _link(params, month=m), m == month, None) for m in months],
        "forms": [(title, _link(params, form=f), f == form, None) for f, title in SHORT.items()],
        "compute": reverse("authority:report_compute") + _link(params),
        "may_fill": request.actor.may(Right.MONTHLY_REPORT_FILL) and _can_compute(unit, rows),
    }
    return page(request, "reporting/reports", values)


def _link(params: dict[str, object], **changes: object) -> str:
    return "?" + urlencode({**params, **changes})


def _can_compute(unit: Unit, rows: list[Filing]) -> bool:
    own = next((row for row in rows if row.unit_id == str(unit.public_id)), None)
    return own is not None and own.state in ("", report_states.COMPUTED)


def _month(request: Request, months: list[int], now: int) -> int:
    """The month in the query string, else the latest one that has begun."""
    text = request.GET.get("month", "")
    chosen = {str(m): m for m in months}.get(text.removeprefix("0"))
    return chosen or max((m for m in months if m <= now), default=months[0])


def _default_form(unit: Unit) -> str:
    return PROVINCE if unit.level == Unit.Level.PROVINCE else CITY


def get_report(request: Request, public_id: UUID) -> MonthlyReport:
    """One report the actor may read.

    Raises:
        NotFound: there is none.
    """
    rows = MonthlyReport.objects.for_actor(request.actor, Right.MONTHLY_REPORT_SEE_BOTH_LINES)
    rows = rows.select_related("unit", "reviewed_by", "sealed_by")
    report: MonthlyReport = rows.get_or_not_found(public_id=public_id)
    return report


@require_safe
def report(request: Request, report: UUID) -> HttpResponse:
    """The form as it is printed, with the acts that are possible."""
    row = get_report(request, report)
    open_acts = {act.name for act in report_states.TRANSITIONS.open_from(row.state)}
    back = f"?year={row.year}&month={row.month}&form={row.form}"
    values = {
        "report": row,
        "paper": render_html(fill_stored_report(row)),
        "held_back": row.rows[0].get("held_back", 0),
        "acts": {act: act in open_acts and request.actor.may(right) for act, right in ACTS.items()},
        "trail": [("月报", reverse("authority:reports") + back), (f"{row.unit.name}{row.month}月", "")],
    }
    return page(request, "reporting/report", values)


@require_safe
def print_page(request: Request, report: UUID) -> HttpResponse:
    """The print page of the form, A4."""
    return HttpResponse(render_print(fill_stored_report(get_report(request, report))))


@require_safe
def download(request: Request, report: UUID, kind: str) -> HttpResponse:
    """The form as a file."""
    if kind not in FILES:
        raise Http404
    row = get_report(request, report)
    render, mime = FILES[kind]
    name = f"{row.form.lower()}-{row.unit.code}-{row.year}-{row.month:02d}.{kind}"
    headers = {"Content-Disposition": str(content_disposition_header(True, name))}
    return HttpResponse(render(fill_stored_report(row)), content_type=mime, headers=headers)
