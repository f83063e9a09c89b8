"""A stored monthly form on the paper it belongs to: Form C or Form P with its correction sectors and check code.
(F-N10)
"""

from typing import Any

from yangguang.models import MonthlyReport
from yangguang.queries.reporting.reports import counted_day
from yangguang.sheets import Filled
from yangguang.sheets.monthly_city import FORM_C, form_c
from yangguang.sheets.monthly_province import FORM_P, form_p


def paper_of(report: MonthlyReport) -> Filled:
    """The form as it is printed; its numbers are the stored ones, sealed or not."""
    day = counted_day(report.counted_to)
    draw = form_c if report.form == MonthlyReport.Form.CITY else form_p
    mark = f"封存校验码 {report.digest}" if report.digest else "未封存，仅供核对"
    return draw(
        report.rows, unit=report.unit.name, year=day.year, month=day.month, day=day.day,
        remarks=remarks_of(report), mark=mark,
    )  # fmt: skip


def remarks_of(report: MonthlyReport) -> list[str]:
    """One sector for every sealed month that changed since."""
    sheet = FORM_C if report.form == MonthlyReport.Form.CITY else FORM_P
    heads: dict[str, str] = {col.key: col.header for col in sheet.columns} | {"counted": "任务口径人数"}
    return [
        f"更正：{one['month']}月已封存数据此后变动：{_changes(one['change'], heads)}。"
        for one in (report.correction or {}).get("months", ())
    ]


def _changes(change: dict[str, Any], heads: dict[str, str]) -> str:
    return "，".join(f"{heads.get(key, key)}{number:+d}" for key, number in change.items())
