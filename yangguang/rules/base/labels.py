"""Enums with a Chinese label, so that no page and no sheet spells it a second time."""

import enum
from typing import Self


class Labelled(enum.StrEnum):
    """A string enum whose members are written `NAME = "value", "中文"`."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """(value, label) of every member in order: for model fields, forms and sheets."""
        return [(member.value, member.label) for member in cls]
