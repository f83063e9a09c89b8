"""The declaration of a printed table: the same data for drawing it and for reading it back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

Cell = str | int | float | bool | date | None
"""A cell of an upload as it was read."""
Value = str | int | date | None
Row = dict[str, Value]


class ColKind(StrEnum):
    """The kind of a column; it decides how its cells are written, aligned and read."""

    TEXT = "text"
    INT = "int"
    DATE = "date"  # written as "2024-09-01"
    RATE = "rate"  # text such as "87.30%", or "—" without a target
    ID = "id"  # always text: Excel stores 15 digits of a number and replaces the rest by zeros


@dataclass(frozen=True, slots=True)
class Rate:
    """A completion rate: the persons under the key `counted`, which need not be a column, over column `of`."""

    counted: str
    of: str


@dataclass(frozen=True, slots=True)
class Col:
    """One column.

    Args:
        header: the printed header, word for word; uploads are matched by it, in any order.
        key: the key of a row dict, or the attribute of a row object.
        sum_of: keys whose sum this column is; computed when a row lacks it, checked when a row has it.
        rate_of: the same for a rate.
        masking: how a value is masked; applied when the sheet is filled, so that no renderer can omit it.
        width: in characters of Excel; in HTML the share of the table.
        required: an empty cell of an upload is an error.
        unique: the same value twice in an upload is an error.
        group: the upper header of two; neighbours with the same group share one merged cell.
        choices: the only texts allowed, or () for any.
        aliases: other headers of this column in uploads.
        at_least, at_most: bounds of an INT column, in its own unit.
        max_length: of a text, in characters.
        empty: the text of a cell without a value.
    """

    header: str
    key: str
    kind: ColKind = ColKind.TEXT
    sum_of: tuple[str, ...] = ()
    rate_of: Rate | None = None
    masking: Callable[[str], str] | None = None
    width: float = 12
    required: bool = False
    unique: bool = False
    group: str = ""
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    at_least: int = 0
    at_most: int = 999_999_999
    max_length: int = 200
    empty: str = ""

    @property
    def is_computed(self) -> bool:
        return bool(self.sum_of) or self.rate_of is not None


@dataclass(frozen=True, slots=True)
class Total:
    """The total row above the others: its name under `label_key`, `blank_key` left empty, `sums` added up."""

    label_key: str
    sums: tuple[str, ...]
    blank_key: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A printed table as data.

    Args:
        code: short name used in file names and addresses.
        title, subtitle, annex, seal_label: printed texts with blanks such as `{year}`.
        unit_label: the unit of the numbers, printed to the right of the seal label.
        columns: left to right.
        notes: printed below the table, word for word.
        scope: what the numbers of this form count, printed below the notes as a note of the platform.
        total: the total row, if the form has one.
        source: document and clause that require this table.
        title_size, body_size: in points.
        landscape: A4 landscape.
        max_rows: an upload with more rows is refused.
    """

    code: str
    title: str
    columns: Sequence[Col]
    notes: Sequence[str] = ()
    unit_label: str = ""
    seal_label: str = ""
    source: str = ""
    subtitle: str = ""
    annex: str = ""
    scope: str = ""
    total: Total | None = None
    title_size: int = 22
    body_size: int = 14
    landscape: bool = False
    max_rows: int = 200_000

    def __post_init__(self) -> None:
        keys = [col.key for col in self.columns]
        if len(set(keys)) != len(keys):
            raise ValueError(f"{self.code}: two columns with one key")
        known = {part for col in self.columns for part in col.sum_of}
        for col in self.columns:
            known |= {col.rate_of.of} if col.rate_of else set()
        if self.total:
            known |= {self.total.label_key, self.total.blank_key, *self.total.sums}
        if missing := known - set(keys):
            raise ValueError(f"{self.code}: no column {sorted(missing)}")

    def column(self, key: str) -> Col:
        """The column called `key`, which the sheet has."""
        return next(col for col in self.columns if col.key == key)
