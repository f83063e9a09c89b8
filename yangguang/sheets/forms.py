"""The sheet of a form from its printed shape: what a column is, wherever it stands and whatever it is called."""

from dataclasses import asdict, replace

from yangguang.rules.reporting.forms import Column, FormShape
from yangguang.rules.reporting.targets import NO_RATE
from yangguang.sheets.sheet import Col, ColKind, Rate, Sheet, Total

# S24-A1.06: the target of 2024 counts neither one-year nor technician students, but note 3 of Form C counts one-year
# students in the total. The difference is printed, not hidden.
_SCOPE = "总数口径：{total_scope}。完成率口径（与任务数相同）：{rate_scope}。"
_LONG_TITLE = 24
_PAGE = 79
"""Characters of Excel between the margins of A4."""
_COLUMNS = {
    "target": Col("", "target", ColKind.INT, empty=NO_RATE),
    "completion": Col("", "completion", ColKind.RATE, rate_of=Rate("counted", of="target")),
}
_TARGET_COLUMNS = {
    "number": Col("", "number", ColKind.INT, width=10, required=True, unique=True, at_least=1),
    "unit": Col("", "unit", ColKind.TEXT, width=46, required=True, unique=True, max_length=60),
    "target": Col("", "target", ColKind.INT, width=24, required=True),
}


def build_report_sheet(code: str, shape: FormShape, source: str) -> Sheet:
    """The sheet of a monthly form; the columns share the width of the page by the length of their headings.

    Usually one row, in persons; every cell may be None. Blanks: unit (the bureau or school that seals), year, month,
    day; the numbers are as of the end of that day. A row's `counted` are the persons whom the target counts.
    """
    widest = sum(map(_weigh, shape.columns))
    columns = [
        replace(
            _COLUMNS.get(column.key) or Col("", column.key, ColKind.INT),
            header=column.heading,
            group=column.group,
            width=round(_PAGE * _weigh(column) / widest, 1),
            sum_of=shape.parts if column.key == "total" else (),
        )
        for column in shape.columns
    ]
    title_size = 22 if len(shape.title) <= _LONG_TITLE else 16
    return Sheet(code, **(asdict(shape) | {"columns": columns}), source=source, scope=_SCOPE, title_size=title_size)


def _weigh(column: Column) -> int:
    """A heading is broken into lines; a number of six digits is not."""
    return min(max(len(column.heading), 5), 10)


def build_target_sheet(shape: FormShape, source: str) -> Sheet:
    """The sheet of a target table, written and read. Blanks: parent, year, year_before."""
    columns = [
        replace(_TARGET_COLUMNS[column.key], header=column.heading, group=column.group) for column in shape.columns
    ]
    total = Total(label_key="unit", sums=("target",), blank_key="number")
    return Sheet("form_t", **(asdict(shape) | {"columns": columns}), source=source, total=total)
