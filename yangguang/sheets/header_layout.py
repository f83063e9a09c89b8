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
    at = 0
    for group, run in groupby(sheet.columns, key=lambda col: col.group):
        members = list(run)
        if group:
            rows[0].append(HeaderCell(group, 0, at, columns=len(members), is_group=True))
        for offset, col in enumerate(members):
            if group:
                rows[1].append(HeaderCell(col.header, 1, at + offset))
            else:
                rows[0].append(HeaderCell(col.header, 0, at + offset, rows=depth))
        at += len(members)
    return rows
