"""工作日历: the stored years, and loading a year after seeing which ends of withdrawals it moves. (R6.05, F-N5)"""

from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang import clock
from yangguang.actions.admissions import working_days
from yangguang.gateways.ciphers import sm3
from yangguang.queries.admissions.withdrawal_clocks import (
    ClockMove,
    count_waiting,
    list_calendar_days,
    list_missing_years,
    name_calendar,
)
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.sheets.calendar import CALENDAR, CalendarRow, find_year, format_calendar, read_calendar
from yangguang.web.authority.base.layout import layout_context, page, refused
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, confirm, displayed_or, redirect_to, submitted_data
from yangguang.web.kit.displayed import FIELD
from yangguang.web.kit.error_workbooks import send_error_workbook, store_error_workbook
from yangguang.web.kit.forms import add_refusal

MAX_MOVES = 200


class CalendarForm(forms.Form):
    """The file of one year, or its rows as the confirmation carries them."""

    file = forms.FileField(
        label="放假调休安排", help_text="xlsx 或 csv，一年一个文件；列：日期、安排（休息或上班）、说明、依据文件"
    )
    days = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("days"):
            del self.fields["file"]


@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: Request) -> HttpResponse:
    """The stored years; a file is read, its effect is displayed, then it is signed and loaded."""
    if request.method != "POST":
        return send_error_workbook(request) or _render(request, CalendarForm())
    form = CalendarForm(submitted_data(request), request.FILES)
    try:
        if form.is_valid():
            return _confirm(request, _read_rows(form))
    except BadRows as refusal:
        return _render(request, form, refusal)
    except Refused as refusal:
        if "file" not in form.fields:
            return refused(request, refusal, reverse("authority:calendar"))
        add_refusal(form, refusal)
    return _render(request, form)


def _read_rows(form: CalendarForm) -> list[CalendarRow]:
    if file := form.cleaned_data.get("file"):
        return read_calendar(file.read(), file.name)
    return read_calendar(str(form.cleaned_data["days"]).encode(), "calendar.csv")


def _confirm(request: Request, rows: list[CalendarRow]) -> HttpResponse:
    """Show the days and the clocks that move; what is signed is what is displayed, whatever the file's format."""
    text, back = format_calendar(rows), reverse("authority:calendar")
    moves = working_days.preview(rows, clock.now())
    carry = QueryDict(mutable=True)
    carry["days"] = text
    carry[FIELD] = submitted_data(request).get(FIELD, "")
    year = find_year(row.day for row in rows)
    values = {"rows": rows, "moves": moves[:MAX_MOVES], "has_more": len(moves) > MAX_MOVES}
    confirmation = Confirmation(
        f"载入{year}年的工作日历？",
        "载入",
        _list_effects(year, rows, moves),
        back,
        context=layout_context(request) | values,
        template="authority/seasons/calendar_confirm.html",
        carry=carry,
    )
    seen, digest = displayed_or(request, name_calendar(year)), sm3(text.encode()).hex()
    prepared = working_days.load.prepare(by=request.actor, rows=rows, digest=digest, seen=seen)
    return confirm(request, prepared, lambda: confirmation, redirect_to(back))


def _list_effects(year: int, rows: list[CalendarRow], moves: list[ClockMove]) -> list[tuple[str, bool]]:
    moved = f"{len(moves)} 件正在办理的退录申请改变生效时间，学生收到短信。" if moves else "没有退录申请的期限变动。"
    return [
        (f"{year}年的工作日按这 {len(rows)} 天的安排计算，原来的整年替换。", False),
        (moved, bool(moves)),
    ]


def _render(request: Request, form: CalendarForm, refusal: BadRows | None = None) -> HttpResponse:
    values = {
        "form": form,
        "refusal": refusal,
        "workbook": store_error_workbook(request, form.cleaned_data["file"], refusal, CALENDAR) if refusal else "",
        "years": list_calendar_days(),
        "missing": list_missing_years(clock.now()),
        "waiting": count_waiting(),
    }
    return page(request, "seasons/calendar", values, status=422 if refusal or form.errors else 200)
