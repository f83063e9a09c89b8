"""From a file to rows with a proven total: Form T, or the bare list of the reference data. (S24-A1.02)"""

import csv
import io

from yangguang.models import Unit
from yangguang.queries.reporting.targets import number_of, rows_of
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.reporting.targets import TargetRow
from yangguang.sheets.target_table import FORM_T, read_targets

_BARE = ("no", "unit", "task")


def read_table(
    data: bytes,
    filename: str,
    parent: Unit,
    year: int,
    sector: Sector = Sector.EDUCATION,
    *,
    replaces: bool = False,
) -> tuple[list[TargetRow], int]:
    """The rows of a target file, each with its sector there, and the total they were proven against, in persons.

    A bare list (`no,unit,task`) has no total row; it is held against what the level above handed down, or else
    against the break-down in force. Without either it is refused as a table without a total.

    Args:
        replaces: the file is to replace the total in force, so it must state its own.

    Raises:
        BadRows, Refused: see `sheets.read_upload` and `sheets.target_table.read_targets`.
    """
    earlier = {target.label: target.number for target in rows_of(parent, year, sector)}
    known = number_of(parent, year, sector)
    total = known if known is not None else sum(earlier.values()) if earlier and not replaces else None
    rows = read_targets(_with_head(data, parent.name, total), filename, parent=parent.name, earlier=earlier)
    assert rows.total is not None, "a table without a total row is refused by the reader"
    read = [
        TargetRow(int(str(row["number"])), str(row["unit"]), int(str(row["target"])), at)
        for row, at in zip(rows, rows.lines, strict=True)
    ]
    return read, int(str(rows.total["target"]))


def _with_head(data: bytes, parent: str, total: int | None) -> bytes:
    """A bare list under the head of Form T, other files as they are.

    A known total goes below the rows, so that each keeps the sector it has in the file.
    """
    try:
        first, _, rest = data.decode("utf-8-sig").replace("\r\n", "\n").partition("\n")
    except UnicodeDecodeError:
        return data
    if tuple(first.strip().split(",")[:3]) != _BARE:
        return data
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow([col.header for col in FORM_T.columns])
    writer.writerows(row[:3] for row in csv.reader(io.StringIO(rest)))
    if total is not None:
        writer.writerow(["", parent, total])
    return table.getvalue().encode()
