"""Form T: a target broken down over areas and schools (S24-A1.02), written and read."""

from collections.abc import Iterable, Mapping

from yangguang import clock
from yangguang.queries.seasons.policy_rules import rules_of_year
from yangguang.rules.base.folding import fold_label
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.rules.reporting.targets import TargetRow, check_sum
from yangguang.rules.seasons import policy_keys
from yangguang.sheets.filled_sheet import FilledSheet, fill_sheet
from yangguang.sheets.forms import build_target_sheet
from yangguang.sheets.sheet import Row, Sheet
from yangguang.sheets.upload import UploadRows, format_position, read_upload


def find_target_sheet(year: int) -> Sheet:
    """Form T of an intake year.

    Raises:
        Refused: the rule row of the form is missing.
    """
    rule = rules_of_year(year, clock.now(), policy_keys.TARGET_FORM).get(policy_keys.TARGET_FORM)
    return build_target_sheet(rule.value, rule.citation)


def fill_target_table(
    sheet: Sheet, rows: Iterable[object], *, parent: str, year: int, total: int | None = None
) -> FilledSheet:
    """Form T of the area `parent` for the intake `year`.

    Args:
        rows: number, unit, target (persons) of each child, in printed order.
        total: the target set for `parent`; left out, the sum.

    Raises:
        TotalMismatch: when the children do not add up to `total`.
    """
    top: Row | None = None if total is None else {"unit": parent, "target": total}
    return fill_sheet(sheet, rows, total=top, total_label=parent, parent=parent, year=year, year_before=year - 1)


def read_target_table(
    data: bytes,
    filename: str,
    sheet: Sheet,
    *,
    parent: str,
    earlier: Mapping[str, int] | None = None,
    year: int | None = None,
) -> tuple[list[TargetRow], int]:
    """Read an uploaded Form T and check that its rows add up to its total row.

    Args:
        sheet: of the year, as `find_target_sheet`.
        parent: the unit of the total row, e.g. 郑州市.
        year: as in `read_upload`.
        earlier: unit → persons of the last accepted version, to name the row that was changed, or None.

    Returns:
        the rows, and the total of the total row in persons.

    Raises:
        BadRows: faulty cells, no total row, or a wrong sum; with the difference and the row to look at.
    """
    upload = read_upload(data, filename, sheet, year=year)
    headings = sheet.column("unit").header, sheet.column("target").header
    total = _require_total(upload, parent, headings[0])
    rows = [
        TargetRow(int(str(row["number"])), str(row["unit"]), int(str(row["target"])), file_row, headings)
        for file_row, row in upload.numbered()
    ]
    try:
        check_sum(parent, total, rows)
    except BadRows as faults:
        where = format_position(upload.total_row_number, headings[1])
        what = f"各行合计 {sum(row.target for row in rows)} 人，与合计行不符"
        of_total = Refused(what, now="如果各行无误，请改合计行", where=where)
        faults.rows = _find_changed(rows, earlier or {}) or [*faults.rows, of_total]
        raise
    return rows, total


def _require_total(upload: UploadRows, parent: str, heading: str) -> int:
    """The target in the total row, in persons."""
    if upload.total is None:
        what, where = (
            f"没有找到序号为空、{heading}为“{parent}”的合计行",
            format_position(upload.head_row_number, heading),
        )
        now = f"请在表头下面补上“{parent}”一行，填写总任务数"
        raise BadRows("表中没有合计行", [Refused(what, where=where)], now=now)
    if fold_label(str(unit := upload.total["unit"])) != fold_label(parent):
        what, where = f"请改为“{parent}”，或换成{parent}的任务分解表", format_position(upload.total_row_number, heading)
        raise BadRows(f"合计行写的是“{unit}”，不是“{parent}”", [Refused(what, where=where)])
    return int(str(upload.total["target"]))


def _find_changed(rows: Iterable[TargetRow], earlier: Mapping[str, int]) -> list[Refused]:
    """The one row that differs from the last accepted version; none when several do, since any may be right."""
    numbers = {fold_label(unit): number for unit, number in earlier.items()}
    changed = [row for row in rows if numbers.get(fold_label(row.unit), row.target) != row.target]
    if len(changed) != 1:
        return []
    row = changed[0]
    sentence = f"“{row.unit}”原为 {numbers[fold_label(row.unit)]} 人，本次为 {row.target} 人"
    return [Refused(sentence, now="请先核对这一行", where=row.where)]
