"""Read a target file as rows with a checked total: Form T, or the plain list of the reference data. (S24-A1.02)"""

import csv
import io

from yangguang.models import Unit
from yangguang.queries.reporting.targets import number_of, rows_of
from yangguang.rules.reporting.targets import TargetRow
from yangguang.sheets.target_table import TARGET_TABLE, read_target_table

_LIST_HEADER = ["no", "unit", "task"]


def read_target_file(
    data: bytes, filename: str, parent: Unit, year: int, *, replaces_total: bool = False
) -> tuple[list[TargetRow], int]:
    """Read the rows of the education sector's target file and the total they were checked against, in persons.

    A plain list (`no,unit,task`) has no total row; it is checked against the target set for `parent`, or else
    against the sum in force. Without either it is refused as a table without a total.

    Args:
        replaces_total: the file replaces the total in force, so it must state its own.

    Raises:
        BadRows, Refused: as `sheets.read_upload` and `sheets.target_table.read_target_table`.
    """
    earlier = {target.label: target.number for target in rows_of(parent, year)}
    total = number_of(parent, year)
    if total is None and earlier and not replaces_total:
        total = sum(earlier.values())
    table = _add_header(data, parent.name, total)
    return read_target_table(table, filename, parent=parent.name, earlier=earlier)


def _add_header(data: bytes, parent: str, total: int | None) -> bytes:
    """A plain list under the header of Form T; other files unchanged.

    The total, if known, is put below the rows, so that each row has the same row number as in the file.
    """
    try:
        first, _, rest = data.decode("utf-8-sig").replace("\r\n", "\n").partition("\n")
    except UnicodeDecodeError:
        return data
    if first.strip().split(",")[:3] != _LIST_HEADER:
        return data
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow([col.header for col in TARGET_TABLE.columns])
    writer.writerows(row[:3] for row in csv.reader(io.StringIO(rest)))
    if total is not None:
        writer.writerow(["", parent, total])
    return table.getvalue().encode()
