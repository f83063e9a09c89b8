"""Fill the sheets of a monthly report and of an area's targets. (F-G2, F-G3)"""

from collections.abc import Sequence

from yangguang.models import MonthlyReport, Unit
from yangguang.queries.reporting.report_steps import describe_signatures
from yangguang.queries.reporting.reports import CITY, counted_day, shape_of, target_of
from yangguang.queries.reporting.targets import rows_of
from yangguang.rules.base.refusals import Refused
from yangguang.rules.organisation.sectors import Sector
from yangguang.sheets.filled_sheet import FilledSheet, fill_sheet
from yangguang.sheets.forms import build_report_sheet
from yangguang.sheets.sheet import Sheet
from yangguang.sheets.target_table import fill_target_table, find_target_sheet


def sheet_of(report: MonthlyReport) -> Sheet:
    """The sheet a monthly report is printed on, as it was in force when the report was computed."""
    return build_report_sheet("form_c" if report.form == CITY else "form_p", shape_of(report), report.shape_source)


def fill_report(report: MonthlyReport, remarks: Sequence[str], mark: str) -> FilledSheet:
    """The form with the numbers of `report`, as of its last counted day.

    Args:
        remarks: lines below the notes; who filled in, reviewed, sealed and received the form follows them.
        mark: printed as the check code, or "".

    Raises:
        TotalMismatch: the stored total or rate is not that of its parts.
    """
    day, signatures = counted_day(report.counted_to), describe_signatures(report)
    return fill_sheet(
        sheet_of(report),
        report.rows,
        remarks=[*remarks, f"{signatures}。"] if signatures else remarks,
        mark=mark,
        unit=report.unit.name,
        year=day.year,
        month=day.month,
        day=day.day,
        **{name: report.rows[0].get(name, "") for name in ("total_scope", "rate_scope")},
    )


def fill_report_file(report: MonthlyReport) -> FilledSheet:
    """The form for a file: with the corrections, who is not counted yet, and the check code once it is sealed.

    Raises:
        TotalMismatch: as for `fill_report`.
    """
    remarks = [
        f"更正{month['month']}月封存数：{format_change(report, month['change'])}"
        for month in (report.correction or {}).get("months", ())
    ]
    if withheld := report.rows[0].get("held_back"):
        remarks.append(f"另有 {withheld} 人正在重复学籍查验，未计入。")
    if not report.digest:
        remarks.append("本表尚未封存，数字以封存时为准。")
    return fill_report(report, remarks, report.digest)


def format_change(report: MonthlyReport, change: dict[str, int]) -> str:
    """The changed columns in one order; the database does not preserve the order of keys."""
    headings = shape_of(report).headings
    return "、".join(f"{headings[key]}{change[key]:+d}" for key in headings if key in change)


def has_data(report: MonthlyReport) -> bool:
    """Whether the form is stored, or has a target, a person or a correction."""
    row = report.rows[0]
    persons = any(row.get(key) for key in ("total", "counted", "held_back"))
    return not report._state.adding or row["target"] is not None or persons or bool(report.correction)


def fill_targets(parent: Unit, year: int) -> FilledSheet:
    """Form T of an area's own sector: the targets it sets its units, against the target set for it.

    Raises:
        Refused: it set no targets that year; an empty form would read as 0.
        TotalMismatch: the rows do not add up to its own target.
    """
    sector = Sector(parent.sector or Sector.EDUCATION)
    rows = [{"number": row.position, "unit": row.label, "target": row.number} for row in rows_of(parent, year, sector)]
    own_target = target_of(parent, year, [sector])
    if not rows:
        known = f"（上级下达 {own_target} 人）" if own_target is not None else ""
        what = f"{parent.name}{year}年没有任务分解{known}"
        raise Refused(what, why="没有任务数不等于任务数是 0", now="请核对单位和年度，或先分解任务")
    return fill_target_table(find_target_sheet(year), rows, parent=parent.name, year=year, total=own_target)
