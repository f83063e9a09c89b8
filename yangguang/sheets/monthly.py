"""Fill the sheets of a monthly report and of an area's targets. (F-G2, F-G3)"""

from collections.abc import Iterator

from yangguang.models import MonthlyReport, Unit
from yangguang.queries.reporting.report_steps import describe_signatures
from yangguang.queries.reporting.reports import CITY, counted_day, shape_of, target_of
from yangguang.queries.reporting.targets import rows_of
from yangguang.rules.base.refusals import Refused
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.reporting import report_states
from yangguang.sheets.filled_sheet import FilledSheet, fill_sheet
from yangguang.sheets.forms import build_report_sheet
from yangguang.sheets.sheet import Sheet
from yangguang.sheets.target_table import fill_target_table, find_target_sheet


def sheet_of(report: MonthlyReport) -> Sheet:
    """The sheet a monthly report is printed on, as it was in force when the report was computed."""
    return build_report_sheet("form_c" if report.form == CITY else "form_p", shape_of(report), report.shape_source)


def fill_report(report: MonthlyReport) -> FilledSheet:
    """The form with the numbers of `report`, as of its last counted day, for page, print and file alike.

    Below the notes: the corrections, who is not counted yet, who filled in, reviewed, sealed and received the form,
    and the check code once it is sealed.

    Raises:
        TotalMismatch: the stored total or rate is not that of its parts.
    """
    day, row = counted_day(report.counted_to), report.rows[0]
    return fill_sheet(
        sheet_of(report),
        report.rows,
        remarks=list(_list_remarks(report)),
        mark=report.digest if report.state in report_states.FINAL else "",
        unit=report.unit.name,
        year=day.year,
        month=day.month,
        day=day.day,
        **{name: row.get(name, "") for name in ("total_scope", "rate_scope")},
    )


def _list_remarks(report: MonthlyReport) -> Iterator[str]:
    for month in (report.correction or {}).get("months", ()):
        yield f"更正{month['month']}月封存数：{_format_change(report, month['change'])}"
    if withheld := report.rows[0].get("held_back"):
        yield f"另有 {withheld} 人正在重复学籍查验，未计入。"
    if signatures := describe_signatures(report):
        yield f"{signatures}。"
    if report.state not in report_states.FINAL:
        yield "本表尚未封存，数字以封存时为准。"


def _format_change(report: MonthlyReport, change: dict[str, int]) -> str:
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
