"""Monthly forms: who has filed, one form on its paper, printed and as a file. (S23-5.05, S24-5.07, F-G2, F-N10)"""

from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from yangguang import clock
from yangguang.models import MonthlyReport
from yangguang.queries.reporting.filings import filings
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
SHORT = {
    MonthlyReport.Form.CITY.value: "报市表（附件2）",
    MonthlyReport.Form.PROVINCE.value: "报省表（附件）",
}


@require_safe
def reports(request: Request) -> HttpResponse:
    """One month: the own form and who has not filed."""
    unit, today = unit_of(request, Right.MONTHLY_REPORT_SEE_BOTH_LINES), clock.now().astimezone(SHANGHAI)
    months = list(rules_at(today, "report.months")["report.months", ""].value)
    year, month = year_of(request), _month(request, months, today.month)
    form = request.GET.get("form", "") if request.GET.get("form") in SHORT else _usual(unit.level)
    own = {"year": year, "month": month, "form": form, "unit": unit.public_id}
    rows = filings(unit, form, year, month)
    values = {
        "unit": unit, "year": year, "month": month, "form": form, "rows": rows,
        "missing": sum(not row.state for row in rows),
        "months": [(f"{m}月", "?" + urlencode({**own, "month": m}), m == month, None) for m in months],
        "forms": [(says, "?" + urlencode({**own, "form": f}), f == form, None) for f, says in SHORT.items()],
        "compute": f"{reverse('authority:report_compute')}?{urlencode(own)}",
        "may_fill": request.actor.may(Right.MONTHLY_REPORT_FILL) is not None
        and any(row.unit_id == str(unit.public_id) and row.state in ("", report_states.COMPUTED) for row in rows),
    }  # fmt: skip
    return page(request, "reporting/reports", values)


def _month(request: Request, months: list[int], now: int) -> int:
    """The month asked for, else the latest one that has begun."""
    text = request.GET.get("month", "")
    asked = int(text) if text.isascii() and text.isdecimal() and len(text) < 3 else 0
    return asked if asked in months else max((m for m in months if m <= now), default=months[0])


def _usual(level: str) -> str:
    return MonthlyReport.Form.PROVINCE.value if level == "PROVINCE" else MonthlyReport.Form.CITY.value


def found_report(request: Request, public_id: UUID) -> MonthlyReport:
    """One report in reach.

    Raises:
        NotFound: outside the seat's reach.
    """
    right = Right.MONTHLY_REPORT_SEE_BOTH_LINES
    rows = MonthlyReport.objects.for_actor(request.actor, right)
    rows = rows.select_related("unit", "reviewed_by", "sealed_by")
    found: MonthlyReport = rows.get_or_not_found(public_id=public_id)
    return found


@require_safe
def report(request: Request, report: UUID) -> HttpResponse:
    """The form as it is printed, with what can be done with it."""
    found = found_report(request, report)
    moves = {move.name for move in report_states.TRANSITIONS.open_from(found.state)}
    back = f"?year={found.year}&month={found.month}&form={found.form}"
    values = {
        "report": found,
        "paper": render_html(fill_stored_report(found)),
        "held_back": found.rows[0].get("held_back", 0),
        "moves": {
            "review": "review" in moves and request.actor.may(Right.MONTHLY_REPORT_FILL),
            "seal": "seal" in moves and request.actor.may(Right.MONTHLY_REPORT_SEAL),
            "send": "send" in moves and request.actor.may(Right.MONTHLY_REPORT_SEAL),
        },
        "trail": [("月报", reverse("authority:reports") + back), (f"{found.unit.name}{found.month}月", "")],
    }
    return page(request, "reporting/report", values)


@require_safe
def printed(request: Request, report: UUID) -> HttpResponse:
    """The form alone on its page, A4."""
    return HttpResponse(render_print(fill_stored_report(found_report(request, report))))


@require_safe
def download(request: Request, report: UUID, kind: str) -> HttpResponse:
    """The form as a file."""
    if kind not in FILES:
        raise Http404
    found = found_report(request, report)
    render, mime = FILES[kind]
    name = f"{found.form.lower()}-{found.unit.code}-{found.year}-{found.month:02d}.{kind}"
    headers = {"Content-Disposition": str(content_disposition_header(True, name))}
    return HttpResponse(render(fill_stored_report(found)), content_type=mime, headers=headers)
