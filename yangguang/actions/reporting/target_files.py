"""Read a target file as rows with a checked total: Form T, or the plain list of the reference data. (S24-A1.02)"""

import csv
import io

from yangguang.actions.reporting.target_validation import spell_units
from yangguang.models import Unit
from yangguang.queries.reporting.targets import number_of, rows_of
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.reporting.targets import TargetRow
from yangguang.sheets.file_grid import read_grid
from yangguang.sheets.header_detection import normalise
from yangguang.sheets.operator_table import ROW, read_operator_table
from yangguang.sheets.sheet import Sheet
from yangguang.sheets.target_table import find_target_sheet, read_target_table
from yangguang.sheets.to_csv import escape_cell

_LIST_COLUMNS = {"number": "no", "unit": "unit", "target": "task"}
_LIST_HEADER, _OPTIONAL = [*_LIST_COLUMNS.values()], ("kind", "source", "sure", "note")


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
    sheet = find_target_sheet(year)
    table, name = _add_header(data, filename, sheet, parent.name, total)
    rows, stated = read_target_table(table, name, sheet, parent=parent.name, earlier=earlier, year=year)
    return spell_units(parent, Sector.EDUCATION, rows), stated


def _add_header(data: bytes, filename: str, sheet: Sheet, parent: str, total: int | None) -> tuple[bytes, str]:
    """A plain list under the header of Form T, and its file name; other files unchanged.

    The total, if known, is put below the rows, so that each row has the same row number as in the file.
    """
    grid = read_grid(data, filename)
    if [normalise(cell) for cell in grid[0][:3]] != _LIST_HEADER:
        return data, filename
    rows = read_operator_table(data, filename, _LIST_HEADER, _OPTIONAL)
    keys = [col.key for col in sheet.columns]
    lines = {int(row[ROW]): [row[_LIST_COLUMNS[key]] for key in keys] for row in rows}
    lines[1] = [col.header for col in sheet.columns]
    if total is not None:
        total_row = {"number": "", "unit": parent, "target": str(total)}
        lines[max(lines) + 1] = [total_row[key] for key in keys]
    table = io.StringIO()
    csv.writer(table).writerows([escape_cell(cell) for cell in lines.get(at, [])] for at in range(1, max(lines) + 1))
    return table.getvalue().encode(), "list.csv"
