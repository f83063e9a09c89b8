"""The monthly forms of a year: units by months, in the shape of `components/month_matrix.html`. (S23-5.05)"""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.urls import reverse

from yangguang.queries.reporting.filings import Filing, MonthForm
from yangguang.rules.reporting import report_states
from yangguang.rules.reporting.report_states import TRANSITIONS
from yangguang.rules.seasons.windows import start_of
from yangguang.web.kit.chart_files import Rows
from yangguang.web.kit.layout import Values

_NONE, _LATE = ("none", "dash"), ("late", "late")
_MARKS = {
    "": _NONE,
    report_states.COMPUTED: ("made", "half"),
    report_states.REVIEWED: ("made", "most"),
    report_states.SEALED: ("made", "full"),
    report_states.SENT: ("sent", "check"),
    report_states.RECEIVED: ("sent", "check"),
    report_states.RETURNED: ("late", "back"),
}
"""State of a form → the class of its mark, and its drawing."""
_KEY = [
    (*_NONE, "未填报"),
    *((*_MARKS[state], TRANSITIONS.states[state]) for state in _MARKS if state not in ("", report_states.RECEIVED)),
    (*_LATE, "逾期未报"),
]


def build_matrix(
    rows: Iterable[Filing], year: int, months: Iterable[int], chosen: int, at: datetime, link: Callable[[int], str]
) -> dict[str, object]:
    """The values of the matrix.

    Args:
        chosen: the month of the page. at: months that have not begun then are empty. link: to a month.
    """
    listed = list(months)
    begun = {month for month in listed if start_of(date(year, month, 1)) < at}
    return {
        "title": f"{len(listed)} 个月的月报",
        "months": [(month, link(month), month == chosen) for month in listed],
        "key": _KEY,
        "end": f"{chosen}月完成率",
        "rows": [
            {
                "name": row.unit,
                "end": row.completion or "—",
                "cells": [
                    _draw_cell(row.unit, month, row.months.get(month) if month in begun else None, link(month))
                    | {"is_chosen": month == chosen}
                    for month in listed
                ],
            }
            for row in rows
        ],
    }


def tabulate_matrix(matrix: Values) -> Rows:
    """The matrix as a file: one row a unit, one column a month."""
    heads = [f"{month}月" for month, _, _ in matrix["months"]]
    return [
        {"单位": row["name"], **dict(zip(heads, (cell["words"] for cell in row["cells"]), strict=True))}
        | {matrix["end"]: row["end"]}
        for row in matrix["rows"]
    ]


def _draw_cell(unit: str, month: int, form: MonthForm | None, empty: str) -> dict[str, object]:
    """One month of a unit.

    Args:
        form: None where none is due. empty: where the form is computed, if it is not yet.
    """
    if form is None:
        return {"label": f"{unit}{month}月：不用报", "words": ""}
    look, drawing = _LATE if form.is_late else _MARKS[form.state]
    url = reverse("authority:report", args=[form.report]) if form.report else empty
    words = "，".join(dict.fromkeys([form.label, form.timeliness]))
    return {"look": look, "icon": drawing, "label": f"{unit}{month}月：{words}", "words": words, "url": url}
