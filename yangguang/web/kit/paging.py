"""Lists page by key: `?after=` the last row seen, never by number and never counting. (X2.02)"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from yangguang.queries.base.paging import is_storable

Row = TypeVar("Row")
Item = TypeVar("Item", bound="Model | dict[str, Any]")
SIZE = 50
# What a column raises for a value that it cannot hold; a number that is too large is an arithmetic error.
BAD_KEY = (ValidationError, ValueError, TypeError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page: its rows, and the addresses before and after it ("" at the ends)."""

    rows: list[Row]
    previous: str
    next: str


def page_of(request: HttpRequest, rows: "QuerySet[Any, Item]", order: Sequence[str], size: int = SIZE) -> Page[Item]:
    """One page of `rows` in `order`; one query whatever the size of the table.

    Args:
        order: field names, "-" for descending; together unique, never null, the last one public ("code",
            "number", "public_id"). They appear in the address.
    """
    backwards = "before" in request.GET
    direction = [_reverse(field) for field in order] if backwards else order
    key = read_key(request, "before" if backwards else "after", len(order))
    try:
        page = list((rows.filter(_beyond(direction, key)) if key else rows).order_by(*direction)[: size + 1])
    except BAD_KEY:  # A key that someone typed: begin at the beginning.
        backwards, key = False, []
        page = list(rows.order_by(*order)[: size + 1])
    has_more, page = len(page) > size, page[:size]
    if backwards:
        page.reverse()
    has_previous, has_next = (has_more, bool(key)) if backwards else (bool(key), has_more)
    keys = [[_read_value(row, field) for field in order] for row in page[:1] + page[-1:]]
    return Page(
        page,
        _address(request, before=_format_key(keys[0])) if page and has_previous else "",
        _address(request, after=_format_key(keys[-1])) if page and has_next else "",
    )


def page_of_rows(
    request: HttpRequest, rows: Sequence[Row], key: Callable[[Row], list[Any]], size: int = SIZE
) -> Page[Row]:
    """One page of rows that a query read beyond `read_key(request, "after", n)` with a limit of `size` + 1."""
    return forward_page(request, rows[:size], _format_key(key(rows[size - 1])) if len(rows) > size else "")


def forward_page(request: HttpRequest, rows: Sequence[Row], after: str) -> Page[Row]:
    """One page of a list whose keys only go forward, so that `previous` is the first page.

    Args:
        after: key of the next page, "" on the last one.
    """
    first = _address(request) if request.GET.get("after") else ""
    return Page(list(rows), first, _address(request, after=after) if after else "")


def read_key(request: HttpRequest, name: str, length: int) -> list[Any]:
    """The key in the query string, [] when there is none or when no list can have written it."""
    try:
        key = json.loads(request.GET.get(name, "[]"))
    except (ValueError, RecursionError):  # Brackets without end exhaust the parser.
        return []
    return key if isinstance(key, list) and len(key) == length and all(map(_is_plain, key)) else []


def _is_plain(part: object) -> bool:
    """Whether a list can have written this: a finite number, or a text that the database can hold."""
    if isinstance(part, str):
        return is_storable(part)
    return type(part) is int or (isinstance(part, float) and isfinite(part))


def _beyond(order: Sequence[str], key: Sequence[Any]) -> Q:
    """Rows after `key` in `order`: greater in the first field, or equal there and after it in the rest."""
    rule = Q()
    for field, value in reversed(list(zip(order, key, strict=True))):
        name, step = (field[1:], "lt") if field.startswith("-") else (field, "gt")
        rule = Q(**{f"{name}__{step}": value}) | (Q(**{name: value}) & rule if rule else Q(pk__in=[]))
    return rule


def _address(request: HttpRequest, **key: str) -> str:
    """The address of this list with its filters and `key`; without one it is that of the first page."""
    filters = {name: values for name, values in request.GET.lists() if name not in ("after", "before") and any(values)}
    query = urlencode(filters | key, doseq=True)
    return f"?{query}" if query else request.path


def _format_key(key: Sequence[Any]) -> str:
    return json.dumps(list(key), ensure_ascii=False, separators=(",", ":"), default=_format_part)


def _format_part(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _reverse(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"


def _read_value(row: Any, field: str) -> Any:
    for part in field.removeprefix("-").split("__"):
        row = row[part] if isinstance(row, dict) else getattr(row, part)
    return row
