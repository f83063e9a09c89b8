"""Enums that carry their Chinese word with them, so that no page and no sheet spells it a second time."""

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

    @classmethod
    def from_label(cls, label: str) -> Self:
        """The member called `label` in Chinese.

        Raises:
            ValueError: when there is none.
        """
        for member in cls:
            if member.label == label:
                return member
        raise ValueError(f"{cls.__name__} has no member labelled {label!r}")
