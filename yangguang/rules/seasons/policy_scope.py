"""For whom a rule row holds: its scope as text, as data, and which of several rows is the one in force. (R2.07)

A scope is written `培养类型=3+2、五年一贯制；地区=郑州市`: every axis named must hold, of the values
of an axis any one. An empty scope holds for every case.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from yangguang.rules.base.labels import Labelled

T = TypeVar("T")


class Axis(Labelled):
    """What a scope may name; of two rows that fit and name as many axes, the one with the axis listed first wins."""

    PROGRAMME_TYPE = "programme_type", "培养类型"
    STUDY_FORM = "study_form", "办学形式"
    ORIGIN = "origin", "生源类别"
    SECTOR = "sector", "主管线"
    ROUND = "round", "批次"
    LEVEL = "level", "层级"
    TERM = "term", "季次"
    AREA = "area", "地区"


Scope = Mapping[Axis, frozenset[str]]
"""The values each named axis may have."""

Facts = Mapping[Axis, Sequence[str]]
"""What a case is, by axis. Areas stand from the smallest to the largest: the county, its city, the province."""


def parse_scope(text: str) -> dict[Axis, frozenset[str]]:
    """The scope written in `text`.

    Raises:
        ValueError: an unknown or repeated axis, or an axis without a value; the message is the Chinese sentence.
    """
    scope: dict[Axis, frozenset[str]] = {}
    for part in filter(None, (part.strip() for part in text.split("；"))):
        name, _, values = part.partition("=")
        axis = next((axis for axis in Axis if axis.label == name.strip()), None)
        words = frozenset(value.strip() for value in values.split("、")) - {""}
        if axis is None:
            known = "、".join(axis.label for axis in Axis)
            raise ValueError(f"适用范围“{part}”看不懂：应写成“项目=取值”，项目是{known}之一")
        if not words:
            raise ValueError(f"适用范围“{axis.label}”没有写取值")
        if axis in scope:
            raise ValueError(f"适用范围“{axis.label}”写了两次，几个取值请用顿号连写")
        scope[axis] = words
    return scope


def format_scope(scope: Scope) -> str:
    """The scope in its one spelling: axes in their order, values sorted."""
    return "；".join(f"{axis.label}={'、'.join(sorted(scope[axis]))}" for axis in Axis if axis in scope)


def overlaps(one: Scope, other: Scope) -> bool:
    """Whether two scopes name the same axes and some case fits both, so that neither is more particular."""
    return set(one) == set(other) and all(one[axis] & other[axis] for axis in one)


def find_most_particular(rows: Iterable[tuple[Scope, T]], facts: Facts) -> T | None:
    """The row whose scope fits the case and is the most particular; None when none fits.

    The more axes a scope names, the more particular it is; among equals the axes decide in the order of `Axis`, and a
    smaller area goes before a larger one.
    """
    fitting = [(_rank(scope, facts), row) for scope, row in rows if _fits(scope, facts)]
    return min(fitting, key=lambda pair: pair[0])[1] if fitting else None


def _fits(scope: Scope, facts: Facts) -> bool:
    return all(not values.isdisjoint(facts.get(axis, ())) for axis, values in scope.items())


def _rank(scope: Scope, facts: Facts) -> tuple[int, tuple[bool, ...], int]:
    order = tuple(axis not in scope for axis in Axis)
    areas = facts.get(Axis.AREA, ())
    nearest = next((at for at, area in enumerate(areas) if area in scope.get(Axis.AREA, ())), len(areas))
    return -len(scope), order, nearest
