"""Lists page by key: `?after=` the last row seen, never by number and never counting. (X2.02)"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from yangguang.queries.base.paging import is_storable

Row = TypeVar("Row")
SIZE = 50
# What a column says of a value it cannot hold; a number that is too large is arithmetic gone wrong.
NO_KEY = (ValidationError, ValueError, TypeError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page: its rows, and the addresses before and after it ("" at the ends)."""

    rows: list[Row]
    previous: str
    next: str

    @property
    def shown(self) -> int:
        return len(self.rows)


def page_of(request: HttpRequest, rows: QuerySet[Any], order: Sequence[str], size: int = SIZE) -> Page[Any]:
    """One page of `rows` in `order`; one query whatever the size of the table.

    Args:
        order: field names, "-" for descending; together unique, never null, the last one public ("code",
            "number", "public_id"). They appear in the address.
    """
    backwards = "before" in request.GET
    way = [_turned(field) for field in order] if backwards else list(order)
    key = key_in(request, "before" if backwards else "after", len(order))
    found: list[Any] = []
    try:
        wanted = rows.filter(beyond(way, key)) if key else rows
        found = list(wanted.order_by(*way)[: size + 1])
    except NO_KEY:  # A key someone typed: begin at the beginning.
        backwards, key = False, []
        found = list(rows.order_by(*order)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_before, has_after = (more, bool(key)) if backwards else (bool(key), more)
    keys = [[_value(row, field) for field in order] for row in (found[:1] + found[-1:])]
    return Page(
        found,
        address(request, "before", keys[0]) if found and has_before else "",
        address(request, "after", keys[-1]) if found and has_after else "",
    )


def page_of_rows(
    request: HttpRequest, rows: Sequence[Row], key: Callable[[Row], list[Any]], size: int = SIZE
) -> Page[Row]:
    """One page of rows a query fetched beyond `key_in(request, "after", n)` with a limit of `size` + 1."""
    shown = list(rows[:size])
    after = address(request, "after", key(shown[-1])) if len(rows) > size else ""
    back = _without(request, "after", "before") if "after" in request.GET else ""
    return Page(shown, back, after)


def key_in(request: HttpRequest, name: str, length: int) -> list[Any]:
    """The key in the query string, [] when there is none or someone typed one."""
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


def beyond(order: Sequence[str], key: Sequence[Any]) -> Q:
    """Rows after `key` in `order`: greater in the first field, or equal there and after it in the rest."""
    rule = Q()
    for field, value in reversed(list(zip(order, key, strict=True))):
        name, step = (field[1:], "lt") if field.startswith("-") else (field, "gt")
        rule = Q(**{f"{name}__{step}": value}) | (Q(**{name: value}) & rule if rule else Q(pk__in=[]))
    return rule


def sorted_by(request: HttpRequest, allowed: dict[str, Sequence[str]], default: str) -> list[str]:
    """The order for `?sort=`: `allowed` maps each name to its fields; "-name" turns the first of them."""
    asked = request.GET.get("sort", "")
    fields = list(allowed.get(asked.removeprefix("-"), allowed[default]))
    turned = asked.startswith("-") and asked[1:] in allowed
    return [_turned(fields[0]), *fields[1:]] if turned else fields


def address(request: HttpRequest, name: str, key: Sequence[Any]) -> str:
    """The address of this list beyond `key`, with its filters."""
    query = request.GET.copy()
    for old in ("after", "before"):
        query.pop(old, None)
    query[name] = json.dumps(list(key), ensure_ascii=False, separators=(",", ":"), default=_spelled)
    return f"?{query.urlencode()}"


def _without(request: HttpRequest, *names: str) -> str:
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    return f"?{query.urlencode()}"


def _turned(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"


def _value(row: Any, field: str) -> Any:
    value = row
    for part in field.removeprefix("-").split("__"):
        value = value[part] if isinstance(value, dict) else getattr(value, part)
    return value


def _spelled(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
