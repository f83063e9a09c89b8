"""From a stored or counted monthly form, and from the target rows of an area, to the sheet on paper. (F-G2, F-G3)"""

from yangguang.models import MonthlyReport, Target, Unit
from yangguang.queries.reporting.reports import CITY, PARTS, counted_day, target_of
from yangguang.rules.base.refusals import Refused
from yangguang.rules.organisation.sectors import Sector
from yangguang.sheets.filled_sheet import Filled
from yangguang.sheets.monthly_city import FORM_C, form_c
from yangguang.sheets.monthly_province import FORM_P, form_p
from yangguang.sheets.sheet import Sheet
from yangguang.sheets.target_table import form_t

_SHEETS = {CITY: (FORM_C, form_c), MonthlyReport.Form.PROVINCE.value: (FORM_P, form_p)}


def of_report(report: MonthlyReport) -> Filled:
    """The printed form of a report: the numbers, the correction line, and the check code once it is sealed.

    Raises:
        DoesNotAddUp: the stored total or rate is not that of its parts.
    """
    sheet, form = _SHEETS[report.form]
    day = counted_day(report.counted_to)
    remarks = [
        f"更正{month['month']}月封存数：{_moved(sheet, month['change'])}"
        for month in (report.correction or {}).get("months", ())
    ]
    if held_back := report.rows[0].get("held_back"):
        remarks.append(f"另有 {held_back} 人正在重复学籍查验，未计入。")
    if not report.digest:
        remarks.append("本表尚未封存，数字以封存时为准。")
    return form(
        report.rows, unit=report.unit.name, year=day.year, month=day.month, day=day.day,
        remarks=remarks, mark=report.digest,
    )  # fmt: skip


def _moved(sheet: Sheet, change: dict[str, int]) -> str:
    """The changed columns in the order of the form; the database does not keep the order of keys."""
    names = {col.key: col.header.rstrip("*") for col in sheet.columns} | {"counted": "任务口径人数"}
    return "、".join(f"{name}{change[key]:+d}" for key, name in names.items() if key in change)


def has_data(report: MonthlyReport) -> bool:
    """Whether the form says anything: it is stored, or somebody set a target, came, or was corrected."""
    row = report.rows[0]
    persons = any(row.get(key) for key in (*PARTS[report.form], "total", "counted", "held_back"))
    return not report._state.adding or row["target"] is not None or persons or bool(report.correction)


def of_targets(parent: Unit, year: int) -> Filled:
    """Form T of an area's own line: what it hands down, against what was handed to it.

    Raises:
        Refused: it handed down nothing that year; no form is better than one that says 0.
        DoesNotAddUp: the rows are not the total handed down.
    """
    sector = Sector(parent.sector or Sector.EDUCATION)
    rows = Target.objects.filter(parent=parent, year=year, sector=sector.value).order_by("position")
    body = [{"number": row.position, "unit": row.label, "target": row.number} for row in rows]
    handed_to = target_of(parent, year, [sector])
    if not body:
        known = f"（上级下达 {handed_to} 人）" if handed_to is not None else ""
        raise Refused(
            f"{parent.name}{year}年没有任务分解{known}", why="没有任务数不等于任务数是 0",
            now="请核对单位和年度，或先分解任务",
        )  # fmt: skip
    return form_t(body, parent=parent.name, year=year, total=handed_to)
