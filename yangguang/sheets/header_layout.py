"""The header of a table with its merged cells, laid out once for Excel and for HTML."""

from dataclasses import dataclass
from itertools import groupby

from yangguang.sheets.sheet import Sheet


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """One cell of the header: its row and column in the header, from 0, and how many it spans."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    is_group: bool = False


def layout_header(sheet: Sheet) -> list[list[HeaderCell]]:
    """The rows of the header: one, or two with groups; a column without a group spans both."""
    depth = 2 if any(col.group for col in sheet.columns) else 1
    rows: list[list[HeaderCell]] = [[] for _ in range(depth)]
    for group, run in groupby(enumerate(sheet.columns), key=lambda pair: pair[1].group):
        members = list(run)
        if group:
            rows[0].append(HeaderCell(group, 0, members[0][0], columns=len(members), is_group=True))
        for at, col in members:
            row = 1 if group else 0
            rows[row].append(HeaderCell(col.header, row, at, rows=depth - row))
    return rows
