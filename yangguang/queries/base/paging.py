"""Lists page by key: the next page begins after the last row shown, however long the list and whatever was added."""

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
    """One page of a list; `after` is the key to ask for the next page with, "" on the last one."""

    rows: Sequence[T]
    after: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page ended: the sort it is of, the sort value and the code of its last row."""

    sort: str
    value: str | int
    code: str

    def __str__(self) -> str:
        packed = json.dumps([self.sort, self.value, self.code], ensure_ascii=False, separators=(",", ":"))
        return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def read_key(text: str, sort: str, *, numeric: bool) -> Key | None:
    """The key a page came with; None begins the list, also for a key of another sort or one that was tampered."""
    try:
        found = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        key = Key(*found)
    except (ValueError, TypeError, RecursionError):  # Brackets without end exhaust the parser.
        return None
    kind = int if numeric else str
    sound = key.sort == sort and type(key.value) is kind and type(key.code) is str
    if not sound or not is_storable(f"{key.value}{key.code}") or (numeric and abs(int(key.value)) > 2**31):
        return None
    return key


def is_storable(text: str) -> bool:
    """Whether the database can hold `text`: JSON can spell a NUL and half a character, a column cannot."""
    return "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def plain_query(text: str) -> str:
    """What was typed into a search box, in one form: NFKC, no invisible characters, no blanks, lower case."""
    folded = unicodedata.normalize("NFKC", text[:_LONGEST_QUERY]).lower()
    return "".join(c for c in folded if c.isprintable() and not c.isspace())


def like(text: str) -> str:
    """A LIKE programme_type that finds `text` anywhere and takes none of its characters for a wildcard."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def spelled(text: str) -> str:
    """A LIKE programme_type for pinyin and initials, or "" when `text` is not spelled in Latin letters."""
    return like(text) if text.isascii() and text.isalnum() else ""


def text_params(text: str) -> dict[str, str]:
    """Parameters `like` and `spelled` for what was typed into a search box; "" matches everything, or nothing."""
    plain = plain_query(text)
    return {"like": like(plain) if plain else "", "spelled": spelled(plain)}


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
