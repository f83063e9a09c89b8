"""The layouts of exam board files, as rows of reference data: a new layout is a new profile, not new code. (F-D12)"""

from dataclasses import dataclass, replace

from yangguang.queries.admissions.exam_board_results import ImportedRow
from yangguang.reference import rows
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.sheets.filled_sheet import fill_sheet
from yangguang.sheets.sheet import Col, Kind, Sheet
from yangguang.sheets.to_xlsx import render_xlsx
from yangguang.sheets.upload import format_position, read_upload

MOST_ROWS = 50_000
BLANK_ROWS = 30
"""Empty rows of a template, formatted as text: a number typed there retains its 18 digits."""


@dataclass(frozen=True)
class Profile:
    """One layout.

    Args:
        columns: as they are read; those with a key `ignored_…` are expected and not used.
        values: key → {text in the file: our text}; a key that is missing accepts any text.
    """

    code: str
    label: str
    columns: list[Col]
    values: dict[str, dict[str, str]]

    @property
    def sheet(self) -> Sheet:
        return Sheet(code=self.code, title=self.label, columns=self.columns, max_rows=MOST_ROWS)

    @property
    def required_headers(self) -> str:
        """The columns a file must have, as text."""
        return "、".join(col.header for col in self.columns if col.required)

    @property
    def allowed_texts(self) -> str:
        """The columns that accept certain texts only: "培养类型填3+2或五年一贯制"."""
        return "；".join(
            f"{self.sheet.column(key).header}填{'或'.join(dict.fromkeys(texts.values()))}"
            for key, texts in self.values.items()
        )


def load_profiles() -> dict[str, Profile]:
    """Every profile by its code."""
    profiles: dict[str, Profile] = {}
    for at, row in enumerate(rows("import_profiles")):
        profile = profiles.setdefault(row["profile"], Profile(row["profile"], row["label"], [], {}))
        column = _read_column(row, at)
        profile.columns.append(column)
        if row["values"]:
            profile.values[column.key] = dict(pair.split("=", 1) for pair in row["values"].split(";"))
    return profiles


def empty_workbook(profile: Profile) -> bytes:
    """An empty .xlsx of the profile, to be filled in and uploaded: headers, what is required, blank rows."""
    texts = (f"必须填写：{profile.required_headers}", profile.allowed_texts)
    sheet = replace(profile.sheet, subtitle="；".join(filter(None, texts)), landscape=True, body_size=11)
    blank = dict.fromkeys(col.key for col in sheet.columns)
    return render_xlsx(fill_sheet(sheet, [blank] * BLANK_ROWS))


def _read_column(row: dict[str, str], at: int) -> Col:
    key = row["key"] or f"ignored_{at}"
    return Col(
        row["header"],
        key,
        Kind.ID if key == "id_number" else Kind.TEXT,
        required=row["required"] == "1",
        aliases=tuple(filter(None, row["aliases"].split(";"))),
        max_length=40 if key == "name" else 200,
        width=_WIDTHS.get(key, 12),
    )


def read_results(data: bytes, filename: str, profile: Profile) -> list[ImportedRow]:
    """The results in a file with the layout of `profile`.

    Raises:
        BadRows: every cell that cannot be read, by row and column.
        Refused: the file as a whole cannot be read.
    """
    faults, results = [], []
    for file_row, row in read_upload(data, filename, profile.sheet).numbered():
        text = {key: "" if row.get(key) is None else str(row[key]) for key in _KEYS}
        for key, known in profile.values.items():
            if text[key] and text[key] not in known:
                where = format_position(file_row, profile.sheet.column(key).header)
                what = f"‘{text[key][:40]}’不在可填的范围内"
                faults.append(Refused(what, now=f"请填{'、'.join(known)}之一", where=where))
            text[key] = known.get(text[key], "")
        results.append(ImportedRow(row=file_row, **text))
    if faults:
        raise BadRows(f"文件中有 {len(faults)} 处错误，没有写入任何数据", faults, now="请改正后重新上传")
    return results


_WIDTHS = {"id_number": 24, "school": 24, "major": 18, "college": 24}
_KEYS = ("id_number", "name", "school", "major", "college", "programme_type")
