"""Paging by key: the next page begins after the last row of this one, whatever was added to the list since."""

import base64
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from yangguang.postgres.sql import Row, fetch_all

T = TypeVar("T")
LARGEST = 100
NUMERIC = frozenset({"seats", "left", "fee"})
"""Orders by numbers; all others are by text."""
_LONGEST_QUERY = 60


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list; `after` is the key of the next page, "" on the last one."""

    rows: Sequence[T]
    after: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """The end of a page: its sort, and the sort value and code of its last row."""

    sort: str
    value: str | int
    code: str

    def __str__(self) -> str:
        packed = json.dumps([self.sort, self.value, self.code], ensure_ascii=False, separators=(",", ":"))
        return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def read_key(text: str, sort: str, *, numeric: bool) -> Key | None:
    """The key in an address; None, which begins the list, for a key of another sort or one that was tampered with."""
    try:
        key = Key(*json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))))
    except (ValueError, TypeError, RecursionError):  # Brackets without end exhaust the parser.
        return None
    if key.sort != sort or type(key.value) is not (int if numeric else str) or type(key.code) is not str:
        return None
    fits = is_storable(f"{key.value}{key.code}") and not (numeric and abs(int(key.value)) > 2**31)
    return key if fits else None


def is_storable(text: str) -> bool:
    """Whether the database can hold `text`: JSON can spell a NUL and half a character, a column cannot."""
    return "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def text_params(text: str) -> dict[str, str]:
    """LIKE patterns that find a search text anywhere, none of its characters being a wildcard.

    Args:
        text: as it was typed; compared in NFKC, lower case, without blanks and invisible characters.
    Returns:
        `like`: for names, "" for an empty text; `spelled`: for pinyin and initials, "" unless the text is of Latin
        letters and digits.
    """
    folded = unicodedata.normalize("NFKC", text[:_LONGEST_QUERY]).lower()
    plain = "".join(c for c in folded if c.isprintable() and not c.isspace())
    escaped = plain.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    like = f"%{escaped}%" if plain else ""
    return {"like": like, "spelled": like if plain.isascii() and plain.isalnum() else ""}


def fetch_page(
    query: str, params: Mapping[str, Any], *, order: tuple[str, str], sort: str, after: str, size: int
) -> tuple[list[Row], str]:
    """The rows of one page, and the key of the next one ("" on the last).

    Args:
        query: with the condition `{beyond}` and LIMIT %(limit)s; its rows have `sort_value` and `code`.
        order: SQL of the sort value and of the code. sort: name of the order; one of `NUMERIC` sorts by numbers.
        after: the key the page came with. size: at most `LARGEST` rows.
    """
    size, is_numeric = max(1, min(size, LARGEST)), sort in NUMERIC
    key = read_key(after, sort, numeric=is_numeric)
    beyond = f"({order[0]}, {order[1]}) > (%(value)s::{'int' if is_numeric else 'text'}, %(code)s)" if key else "true"
    bounds = {"limit": size + 1} | ({"value": key.value, "code": key.code} if key else {})
    rows = fetch_all(query.format(beyond=beyond), {**params, **bounds})
    last = rows[size - 1] if len(rows) > size else None
    return rows[:size], str(Key(sort, last.sort_value, last.code)) if last else ""
