"""Read files of scores and of outside lists by their profile: every row, or every fault by row and column."""

from collections.abc import Iterator

from yangguang.rules.base import id_number, names
from yangguang.rules.base.refusals import Refused
from yangguang.sheets.import_profiles import Profile
from yangguang.sheets.operator_table import ROW
from yangguang.sheets.sheet import Row
from yangguang.sheets.upload import format_position, read_upload


def read_list(data: bytes, filename: str, profile: Profile, year: int | None = None) -> list[Row]:
    """The rows of a file in which each person has one row, each with its number in the file under `ROW`.

    Args:
        year: as in `read_upload`.

    Raises:
        BadRows: cells that cannot be read, numbers and names that are no person's, persons who are in it twice.
        Refused: the file as a whole cannot be read.
    """
    first_rows: dict[str, int] = {}
    headers = {col.key: col.header for col in profile.columns}

    def check(file_row: int, row: Row) -> Iterator[Refused]:
        try:
            number = id_number.read(str(row["id_number"])).number if row["id_number"] else f"row {file_row}"
            if (first := first_rows.setdefault(number, file_row)) != file_row:
                raise Refused(f"与第 {first} 行是同一个证件号码", now="请每人只留一行")
        except Refused as refusal:
            refusal.where = format_position(file_row, headers["id_number"])
            yield refusal
        try:
            if row.get("name"):
                names.clean_name(str(row["name"]))
        except Refused as refusal:
            refusal.where = format_position(file_row, headers["name"])
            yield refusal

    upload = read_upload(data, filename, profile.sheet, check=check, year=year)
    return [row | {ROW: file_row} for file_row, row in upload.numbered()]
