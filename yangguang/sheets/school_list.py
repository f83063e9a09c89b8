"""Read the list of schools that may recruit: from a file with codes and names, or from typed text. (S23-2.09)"""

import re

from yangguang.queries.organisation.school_lists import ListRow
from yangguang.rules.base.folding import fold_text
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.sheets.sheet import Col, ColKind, Sheet
from yangguang.sheets.upload import format_position, read_upload

MOST_ROWS = 5_000
SCHOOL_LIST = Sheet(
    code="school_list",
    title="招生学校名录",
    columns=(
        Col("学校代码", "code", ColKind.ID, width=20, aliases=("代码", "单位代码", "学校标识码"), max_length=24),
        Col("学校名称", "name", width=40, required=True, aliases=("学校", "名称"), max_length=60),
    ),
    max_rows=MOST_ROWS,
)


def read_file(data: bytes, filename: str) -> list[ListRow]:
    """The rows of an .xlsx or .csv file with the column 学校名称, and 学校代码 where names are not enough.

    Raises:
        BadRows: every cell that cannot be read, by row and column.
        Refused: the file as a whole cannot be read.
    """
    return [
        ListRow(file_row, str(row["code"] or ""), str(row["name"]))
        for file_row, row in read_upload(data, filename, SCHOOL_LIST).numbered()
    ]


def read_typed(text: str) -> list[ListRow]:
    """The rows of a text with one code or one name on each line, or both in any order, as pasted from a table.

    Raises:
        BadRows: there are no rows, or too many.
    """
    rows = []
    for file_row, content in enumerate(text.splitlines(), 1):
        words = list(filter(None, re.split(r"[\s,，;；]+", fold_text(content))))
        codes = [word for word in words if word.isascii()]
        if words:
            name = "".join(word for word in words if word not in codes)
            rows.append(ListRow(file_row, " ".join(codes).lstrip("'"), name))
    if not 0 < len(rows) <= MOST_ROWS:
        fault = Refused("没有一所学校" if not rows else f"超过{MOST_ROWS}行", where=format_position(1))
        raise BadRows("名单读不懂，没有公布", [fault], now="请每行写一所学校的代码或名称")
    return rows
