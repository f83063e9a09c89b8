"""How an outside file is laid out, as rows of reference data: a new layout is a new profile, not new code. (F-D12)"""

from dataclasses import dataclass, field, replace

from yangguang.queries.admissions.exam_board_results import ImportedRow
from yangguang.reference import rows
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.sheets.filled_sheet import fill
from yangguang.sheets.sheet import Col, Kind, Sheet
from yangguang.sheets.to_xlsx import render_xlsx
from yangguang.sheets.upload import place, read_upload

MOST_ROWS = 50_000
BLANK_ROWS = 30
"""Empty rows of a template, set as text: a number typed there keeps its 18 digits."""


@dataclass(frozen=True)
class Profile:
    """One layout.

    Args:
        columns: as they are read; those without a key of ours are known and passed over.
        values: per key, the text of the file → ours; empty takes any text.
    """

    code: str
    label: str
    columns: tuple[Col, ...]
    values: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def sheet(self) -> Sheet:
        return Sheet(code=self.code, title=self.label, columns=self.columns, max_rows=MOST_ROWS)

    @property
    def needed(self) -> str:
        """The columns a file must have, for people."""
        return "、".join(col.header for col in self.columns if col.required)

    @property
    def words(self) -> str:
        """The columns that take certain words only, for people: "培养类型填3+2或五年一贯制"."""
        said = [(key, "或".join(dict.fromkeys(known.values()))) for key, known in self.values.items()]
        return "；".join(f"{self.sheet.column(key).header}填{texts}" for key, texts in said)


def profiles() -> dict[str, Profile]:
    """Every profile by its code."""
    found: dict[str, Profile] = {}
    for at, row in enumerate(rows("import_profiles")):
        profile = found.setdefault(row["profile"], Profile(row["profile"], row["label"], ()))
        column = _column(row, at)
        values = dict(profile.values)
        if row["values"]:
            values[column.key] = dict(pair.split("=", 1) for pair in row["values"].split(";"))
        found[row["profile"]] = Profile(profile.code, profile.label, (*profile.columns, column), values)
    return found


def template(profile: Profile) -> bytes:
    """An empty .xlsx after the profile, to be filled in and uploaded as it is: heads, what is needed, blank rows."""
    needed = "；".join(part for part in (f"必须填写：{profile.needed}", profile.words) if part)
    sheet = replace(profile.sheet, subtitle=needed, landscape=True, body_size=11)
    blank = dict.fromkeys(col.key for col in sheet.columns)
    return render_xlsx(fill(sheet, [blank] * BLANK_ROWS))


def _column(row: dict[str, str], at: int) -> Col:
    key = row["key"] or f"passed_over_{at}"
    return Col(
        row["header"], key, Kind.ID if key == "id_number" else Kind.TEXT, required=row["required"] == "1",
        aliases=tuple(alias for alias in row["aliases"].split(";") if alias),
        max_length=40 if key == "name" else 200, width=_WIDTHS.get(key, 12),
    )  # fmt: skip


def read_results(data: bytes, filename: str, profile: Profile) -> list[ImportedRow]:
    """The results in a file laid out after `profile`.

    Raises:
        BadRows: every cell that cannot be read, by row and column.
        Refused: the file as a whole cannot be read.
    """
    read = read_upload(data, filename, profile.sheet)
    faults, found = [], []
    for line, row in zip(read.lines, read, strict=True):
        text = {key: "" if row.get(key) is None else str(row[key]) for key in _KEYS}
        for key, known in profile.values.items():
            if text[key] and text[key] not in known:
                header = profile.sheet.column(key).header
                said = f"‘{text[key][:40]}’不在可填的范围内"
                faults.append(Refused(said, now=f"请填{'、'.join(known)}之一", where=place(line, header)))
            text[key] = known.get(text[key], "")
        found.append(ImportedRow(row=line, **text))
    if faults:
        raise BadRows(f"文件中有 {len(faults)} 处错误，没有写入任何数据", faults, now="请改正后重新上传")
    return found


_WIDTHS = {"id_number": 24, "school": 24, "major": 18, "college": 24}
_KEYS = ("id_number", "name", "school", "major", "college", "programme_type")
