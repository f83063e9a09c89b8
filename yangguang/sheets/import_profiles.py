"""The layouts of exam board files, as rows of reference data: a new layout is a new profile, not new code. (F-D12)"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from yangguang.queries.admissions.exam_board_results import ImportedRow
from yangguang.reference import rows
from yangguang.rules.base import id_number
from yangguang.rules.base.folding import fold_label
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.rules.seasons.policy_keys import Subject
from yangguang.sheets.filled_sheet import fill_sheet
from yangguang.sheets.sheet import Col, ColKind, Row, Sheet
from yangguang.sheets.to_xlsx import render_xlsx
from yangguang.sheets.upload import bad_rows, format_position, read_upload

MOST_ROWS = 50_000
MOST_POINTS = 1_000
"""No score is higher; a larger number is a mistyped one."""
BLANK_ROWS = 30
"""Empty rows of a template, formatted as text: a number typed there retains its 18 digits."""


@dataclass(frozen=True)
class Profile:
    """One layout.

    Args:
        columns: as they are read; those with a key `ignored_…` are expected and not used.
        values: key → {text in the file, as `fold_label`: our text}; a key that is missing accepts any text.
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

    def translate(self, key: str, text: str) -> str:
        """Our text for a text of the file, in any width; "" for an unknown one."""
        return self.values[key].get(fold_label(text), "")


def load_profiles(file: str = "import_profiles") -> dict[str, Profile]:
    """Every profile in one file of reference data, by its code."""
    profiles: dict[str, Profile] = {}
    for at, row in enumerate(rows(file)):
        profile = profiles.setdefault(row["profile"], Profile(row["profile"], row["label"], [], {}))
        column = _read_column(row, at)
        profile.columns.append(column)
        if row["values"]:
            pairs = (pair.split("=", 1) for pair in row["values"].split(";"))
            profile.values[column.key] = {fold_label(theirs): ours for theirs, ours in pairs}
    return profiles


def limit_types(profile: Profile, types: Sequence[str]) -> Profile:
    """The layout with only these programme types (labels), each also by its own label; the year decides which."""
    if _TYPE not in profile.values:
        return profile
    texts = {fold_label(one): one for one in types}
    texts |= {theirs: ours for theirs, ours in profile.values[_TYPE].items() if ours in types}
    return replace(profile, values=profile.values | {_TYPE: texts})


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
        ColKind.ID if key == "id_number" else ColKind.INT if key in _POINTS else ColKind.TEXT,
        at_most=MOST_POINTS,
        required=row["required"] == "1",
        aliases=tuple(filter(None, row["aliases"].split(";"))),
        max_length=_LONGEST.get(key, 200),
        width=_WIDTHS.get(key, 12),
    )


def read_results(data: bytes, filename: str, profile: Profile, year: int | None = None) -> list[ImportedRow]:
    """The results in a file with the layout of `profile`.

    Args:
        year: as in `read_upload`.

    Raises:
        BadRows: every cell that cannot be read, by row and column.
        Refused: the file as a whole cannot be read.
    """
    invalid: list[Refused] = []

    def check(file_row: int, row: Row) -> Iterator[Refused]:
        invalid.extend(_find_invalid(profile, file_row, row))
        return _find_unknown(profile, file_row, row)

    try:
        upload = read_upload(data, filename, profile.sheet, check=check, year=year)
    except BadRows as refusal:
        # A number that is no person's is a conflict, which two people decide; beside other faults it is one more.
        raise (bad_rows([*refusal.rows, *invalid]) if invalid else refusal) from None
    results = []
    for file_row, row in upload.numbered():
        text = {key: "" if row.get(key) is None else str(row[key]) for key in _KEYS}
        text |= {key: profile.translate(key, text[key]) for key in profile.values}
        results.append(ImportedRow(row=file_row, **text))
    return results


def _find_unknown(profile: Profile, file_row: int, row: Row) -> Iterator[Refused]:
    for key, known in profile.values.items():
        text = str(row.get(key) or "")
        if text and not profile.translate(key, text):
            where = format_position(file_row, profile.sheet.column(key).header)
            advice = f"请填{'、'.join(dict.fromkeys(known.values()))}之一"
            yield Refused(f"‘{text[:40]}’不在可填的范围内", now=advice, where=where)


def _find_invalid(profile: Profile, file_row: int, row: Row) -> Iterator[Refused]:
    try:
        if number := row.get("id_number"):
            id_number.read(str(number))
    except Refused as refusal:
        refusal.where = format_position(file_row, profile.sheet.column("id_number").header)
        yield refusal


_TYPE = "programme_type"
_POINTS = {subject.value for subject in Subject}
_LONGEST = {"name": 40, "school_code": 16, "junior_school": 60}
_WIDTHS = {"id_number": 24, "school": 24, "major": 18, "college": 24}
_KEYS = ("id_number", "name", "school", "major", "college", _TYPE, "school_code")
