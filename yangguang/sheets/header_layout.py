"""The head of a table with its merged cells, worked out once for Excel and for the page."""

from dataclasses import dataclass
from itertools import groupby

from yangguang.sheets.sheet import Sheet


@dataclass(frozen=True, slots=True)
class HeadCell:
    """One cell of the head: zero-based row and column inside the head, and how far it reaches."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    is_group: bool = False


def head_rows(sheet: Sheet) -> list[list[HeadCell]]:
    """One list of cells for a plain head, two for one with groups; a column without a group spans both."""
    depth = 2 if any(col.group for col in sheet.columns) else 1
    rows: list[list[HeadCell]] = [[] for _ in range(depth)]
    at = 0
    for group, run in groupby(sheet.columns, key=lambda col: col.group):
        members = list(run)
        if group:
            rows[0].append(HeadCell(group, 0, at, columns=len(members), is_group=True))
        for offset, col in enumerate(members):
            if group:
                rows[1].append(HeadCell(col.header, 1, at + offset))
            else:
                rows[0].append(HeadCell(col.header, 0, at + offset, rows=depth))
        at += len(members)
    return rows
