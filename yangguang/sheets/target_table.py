"""Form T: a target broken down over areas and schools (S24-A1.02), written and read."""

from collections.abc import Iterable, Mapping

from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.rules.reporting.targets import TargetRow, check_sum
from yangguang.sheets.filled_sheet import Filled, fill
from yangguang.sheets.sheet import Col, Kind, Row, Sheet, Total
from yangguang.sheets.upload import ReadRows, place, read_upload

FORM_T = Sheet(
    code="form_t",
    annex="附件 1",
    title="{year} 年{parent}中等职业学校招生任务分解表",
    columns=[
        Col("序号", "number", Kind.INT, width=10, required=True, unique=True, at_least=1),
        Col("单位名称", "unit", Kind.TEXT, width=46, required=True, unique=True, max_length=60),
        Col("招生任务（人）", "target", Kind.INT, width=24, required=True),
    ],
    total=Total(label_key="unit", sums=("target",), blank_key="number", first=True),
    # In print note （一） ends the first page and the others the last; here all follow the last row.
    notes=[
        "注：（一）以上表中所列学校主要是每年招生规模较大的学校。招生人数较少的列入“其他学校”，正常招生"
        "（公众可登录河南省教育厅网站查询 {year} 年具有招生资格的中等职业学校名单）。",
        "（二）本年度下达给各学校的招生任务数，原则上是依据各学校 {year_before} 年实际招生数，并重在结合"
        "各学校的"
        "基础设施、教师队伍、实习实训条件等必备教学要素等实际情况，做出相应调整。",
        "（三）本表中下达的各校招生任务数，是指全日制中等职业教育，包含初中起点的三年制、“3+2”和五年制"
        "（前三年中专段）学历教育的招生人数，不含技工学校。",
    ],
    source="郑教职成函〔2024〕432 号 五、附件 1",
)


def form_t(
    rows: Iterable[object], *, parent: str, year: int, total: int | None = None, mark: str = ""
) -> Filled:
    """Form T of the area `parent` for the intake `year`.

    Args:
        rows: number, unit, target (persons) of each child, in printed order.
        total: what the level above decided for `parent`; left out, the sum.

    Raises:
        DoesNotAddUp: when the children do not add up to `total`.

    Source: S24-A1.02.
    """
    top: Row | None = None if total is None else {"unit": parent, "target": total}
    return fill(
        FORM_T, rows, total=top, total_label=parent, parent=parent, year=year, year_before=year - 1, mark=mark
    )


def read_targets(
    data: bytes, filename: str, *, parent: str, earlier: Mapping[str, int] | None = None
) -> ReadRows:
    """Read an uploaded Form T and prove that its rows add up to its total row.

    Args:
        parent: the unit of the total row, e.g. 郑州市.
        earlier: unit → persons of the last accepted version, to point at the row that was changed, or None.

    Returns:
        the rows (number, unit, target); `.total` is the total row.

    Raises:
        BadRows: faulty cells, no total row, or a sum that is off; by how much, and which row to look at.
    """
    rows = read_upload(data, filename, FORM_T)
    if rows.total is None:
        raise BadRows(
            "表中没有合计行",
            [
                Refused(
                    f"没有找到序号为空、单位名称为“{parent}”的合计行", where=place(rows.head_line, "单位名称")
                )
            ],
            now=f"请在表头下面补上“{parent}”一行，填写总任务数",
        )
    if rows.total["unit"] != parent:
        raise BadRows(
            f"合计行写的是“{rows.total['unit']}”，不是“{parent}”",
            [
                Refused(
                    f"请改为“{parent}”，或换成{parent}的任务分解表", where=place(rows.total_line, "单位名称")
                )
            ],
        )
    try:
        # Sentences count lines as the file does: that is where the officer looks.
        check_sum(
            parent,
            int(str(rows.total["target"])),
            [
                TargetRow(line, str(row["unit"]), int(str(row["target"])))
                for row, line in zip(rows, rows.lines, strict=True)
            ],
        )
    except BadRows as off:
        off.rows = _suspects(rows, earlier or {}) or [*off.rows, _total_row(rows)]
        raise
    return rows


def _suspects(rows: ReadRows, earlier: Mapping[str, int]) -> list[Refused]:
    """The one row that differs from the last accepted version; nobody can tell which of several is wrong."""
    header = FORM_T.column("target").header
    changed = [
        (row, line)
        for row, line in zip(rows, rows.lines, strict=True)
        if str(row["unit"]) in earlier and earlier[str(row["unit"])] != row["target"]
    ]
    if len(changed) != 1:
        return []
    row, line = changed[0]
    before = earlier[str(row["unit"])]
    says = f"“{row['unit']}”原为 {before} 人，本次为 {row['target']} 人"
    return [Refused(says, now="请先核对这一行", where=place(line, header))]


def _total_row(rows: ReadRows) -> Refused:
    found = sum(int(str(row["target"])) for row in rows)
    return Refused(
        f"各行合计 {found} 人，与合计行不符",
        now="如果各行无误，请改合计行",
        where=place(rows.total_line, FORM_T.column("target").header),
    )
