"""Form T: a target broken down over areas and schools (S24-A1.02), written and read."""

from collections.abc import Iterable, Mapping

from yangguang.rules.base.folding import fold_label
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.rules.reporting.targets import TargetRow, check_sum
from yangguang.sheets.filled_sheet import FilledSheet, fill_sheet
from yangguang.sheets.sheet import Col, ColKind, Row, Sheet, Total
from yangguang.sheets.upload import UploadRows, format_position, read_upload

TARGET_TABLE = Sheet(
    code="form_t",
    annex="附件 1",
    title="{year} 年{parent}中等职业学校招生任务分解表",
    columns=[
        Col("序号", "number", ColKind.INT, width=10, required=True, unique=True, at_least=1),
        Col("单位名称", "unit", ColKind.TEXT, width=46, required=True, unique=True, max_length=60),
        Col("招生任务（人）", "target", ColKind.INT, width=24, required=True),
    ],
    total=Total(label_key="unit", sums=("target",), blank_key="number"),
    # In print note （一） ends the first page and the others the last; here all follow the last row.
    notes=[
        "注：（一）以上表中所列学校主要是每年招生规模较大的学校。招生人数较少的列入“其他学校”，正常招生"
        "（公众可登录河南省教育厅网站查询 {year} 年具有招生资格的中等职业学校名单）。",
        "（二）本年度下达给各学校的招生任务数，原则上是依据各学校 {year_before} 年实际招生数，并重在结合各学校的"
        "基础设施、教师队伍、实习实训条件等必备教学要素等实际情况，做出相应调整。",
        "（三）本表中下达的各校招生任务数，是指全日制中等职业教育，包含初中起点的三年制、“3+2”和五年制"
        "（前三年中专段）学历教育的招生人数，不含技工学校。",
    ],
    source="郑教职成函〔2024〕432 号 五、附件 1",
)
_UNIT, _TARGET = TARGET_TABLE.column("unit").header, TARGET_TABLE.column("target").header


def fill_target_table(rows: Iterable[object], *, parent: str, year: int, total: int | None = None) -> FilledSheet:
    """Form T of the area `parent` for the intake `year`.

    Args:
        rows: number, unit, target (persons) of each child, in printed order.
        total: the target set for `parent`; left out, the sum.

    Raises:
        TotalMismatch: when the children do not add up to `total`.
    """
    top: Row | None = None if total is None else {"unit": parent, "target": total}
    return fill_sheet(TARGET_TABLE, rows, total=top, total_label=parent, parent=parent, year=year, year_before=year - 1)


def read_target_table(
    data: bytes, filename: str, *, parent: str, earlier: Mapping[str, int] | None = None, year: int | None = None
) -> tuple[list[TargetRow], int]:
    """Read an uploaded Form T and check that its rows add up to its total row.

    Args:
        parent: the unit of the total row, e.g. 郑州市.
        year: as in `read_upload`.
        earlier: unit → persons of the last accepted version, to name the row that was changed, or None.

    Returns:
        the rows, and the total of the total row in persons.

    Raises:
        BadRows: faulty cells, no total row, or a wrong sum; with the difference and the row to look at.
    """
    upload = read_upload(data, filename, TARGET_TABLE, year=year)
    total = _require_total(upload, parent)
    rows = [
        TargetRow(int(str(row["number"])), str(row["unit"]), int(str(row["target"])), file_row)
        for file_row, row in upload.numbered()
    ]
    try:
        check_sum(parent, total, rows)
    except BadRows as faults:
        where = format_position(upload.total_row_number, _TARGET)
        what = f"各行合计 {sum(row.target for row in rows)} 人，与合计行不符"
        of_total = Refused(what, now="如果各行无误，请改合计行", where=where)
        faults.rows = _find_changed(rows, earlier or {}) or [*faults.rows, of_total]
        raise
    return rows, total


def _require_total(upload: UploadRows, parent: str) -> int:
    """The target in the total row, in persons."""
    if upload.total is None:
        what, where = f"没有找到序号为空、单位名称为“{parent}”的合计行", format_position(upload.head_row_number, _UNIT)
        now = f"请在表头下面补上“{parent}”一行，填写总任务数"
        raise BadRows("表中没有合计行", [Refused(what, where=where)], now=now)
    if fold_label(str(unit := upload.total["unit"])) != fold_label(parent):
        what, where = f"请改为“{parent}”，或换成{parent}的任务分解表", format_position(upload.total_row_number, _UNIT)
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
    return [Refused(sentence, now="请先核对这一行", where=format_position(row.file_row, _TARGET))]
