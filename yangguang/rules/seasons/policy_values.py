"""The kinds of values a rule row may have; each reads one JSON value and refuses what is not of its kind. (R2.07)"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple, TypeVar

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")

Reader = Callable[[object], T]
"""Gives the value of a rule row in its type. Raises ValueError with a Chinese sentence when it is of another kind."""


class MonthDay(NamedTuple):
    """A day that comes each year."""

    month: int
    day: int

    def __str__(self) -> str:
        return f"{self.month}月{self.day}日"

    def of_year(self, year: int) -> date:
        """The day in this year."""
        return date(year, self.month, self.day)


class Span(NamedTuple):
    """A range of whole numbers, both ends included."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.first}" if self.first == self.last else f"{self.first}至{self.last}"


_MONTH_DAY = re.compile(r"(\d\d)-(\d\d)")


def whole(low: int, high: int) -> Reader[int]:
    """A whole number from `low` to `high`, both included."""

    def read(value: object) -> int:
        # bool is an int in Python, but no number of policy.
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueError(f"应是整数，不带引号和小数点，现在是{value!r}")
        if not low <= value <= high:
            raise ValueError(f"应在{low}到{high}之间，现在是{value}")
        return value

    return read


def flag(value: object) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise ValueError(f"应是 true 或 false，现在是{value!r}")
    return value


def one_of(kind: type[E]) -> Reader[E]:
    """The value of one member of an enum."""
    known = {member.value: member for member in kind}

    def read(value: object) -> E:
        if not isinstance(value, str) or value not in known:
            raise ValueError(f"应是{'、'.join(known)}之一，现在是{value!r}")
        return known[value]

    return read


def several(one: Reader[T]) -> Reader[tuple[T, ...]]:
    """A list of at least one value, none of them twice."""

    def read(value: object) -> tuple[T, ...]:
        if not isinstance(value, list) or not value:
            raise ValueError(f"应是至少有一项的列表，如 [1, 2]，现在是{value!r}")
        values = tuple(one(item) for item in value)
        if len(set(values)) != len(values):
            raise ValueError("列表中有重复的项")
        return values

    return read


def each_of(kind: type[E], one: Reader[T]) -> Reader[Mapping[E, T]]:
    """An object with one value for every member of an enum, in the order of the enum."""

    def read(value: object) -> Mapping[E, T]:
        names = [member.value for member in kind]
        if not isinstance(value, dict) or set(value) != set(names):
            raise ValueError(f"应给{'、'.join(names)}各写一个值，现在是{value!r}")
        return {member: one(value[member.value]) for member in kind}

    return read


def span(low: int, high: int) -> Reader[Span]:
    """Two whole numbers from `low` to `high`, the smaller one first."""

    def read(value: object) -> Span:
        if not isinstance(value, list) or len(value) != 2:
            raise ValueError(f"应是最小和最大两个整数，如 [2, 4]，现在是{value!r}")
        first, last = (whole(low, high)(item) for item in value)
        if first > last:
            raise ValueError(f"最小的{first}大于最大的{last}")
        return Span(first, last)

    return read


def text(value: object) -> str:
    """A text of one line."""
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ValueError(f"应是一行文字，现在是{value!r}")
    return value


def day(value: object) -> date:
    """A day written as 2024-09-01."""
    try:
        return date.fromisoformat(text(value))
    except ValueError:
        raise ValueError(f"应是日期，如 2024-09-01，现在是{value!r}") from None


def month_day(value: object) -> MonthDay:
    """Month and day that come each year, written as 11-10; never the 29th of February."""
    match = _MONTH_DAY.fullmatch(value) if isinstance(value, str) else None
    try:
        there = date(2023, int(match[1]), int(match[2])) if match else None
    except ValueError:
        there = None
    if there is None:
        raise ValueError(f"应是月-日，如 11-10，现在是{value!r}")
    return MonthDay(there.month, there.day)
