"""A monthly report as the sheet shown on the desk: Form C or Form P with its corrections and check code. (F-N10)"""

from yangguang.models import MonthlyReport
from yangguang.sheets import FilledSheet
from yangguang.sheets.monthly import fill_report, sheet_of


def fill_stored_report(report: MonthlyReport) -> FilledSheet:
    """The form with the stored numbers; the mark shows whether they are sealed."""
    mark = f"封存校验码 {report.digest}" if report.digest else "未封存，仅供核对"
    return fill_report(report, _corrections(report), mark)


def _corrections(report: MonthlyReport) -> list[str]:
    """One line for every sealed month that has changed since."""
    headers = {col.key: col.header for col in sheet_of(report).columns} | {"counted": "任务口径人数"}
    lines = []
    for month in (report.correction or {}).get("months", ()):
        changes = "，".join(f"{headers.get(key, key)}{persons:+d}" for key, persons in month["change"].items())
        lines.append(f"更正：{month['month']}月已封存数据此后变动：{changes}。")
    return lines
