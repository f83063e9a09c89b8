"""The rounds that a student without a seat may still choose in, as a sentence. (R3.01)"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from yangguang.rules.seasons.windows import WindowStatus, format_spoken, window_status

NONE_LEFT = "这个招生季之后没有再开放的批次，平台今年不能再录取您。"
_NAMED = 3
"""Rounds that a sentence names; a text message has 300 characters."""


@dataclass(frozen=True, slots=True)
class LaterRound:
    """A round whose window for choices has not closed.

    Args:
        origins: codes of those who may take part; empty is all of them.
        opens, closes: its window; None is 待定.
    """

    name: str
    origins: frozenset[str]
    opens: datetime | None
    closes: datetime | None


def rounds_of_origin(rounds: Iterable[LaterRound], origin: str) -> list[LaterRound]:
    """Those of the rounds that a student of this origin may take part in."""
    return [one for one in rounds if not one.origins or origin in one.origins]


def describe_later_rounds(rounds: Iterable[LaterRound], origin: str, at: datetime) -> str:
    """What a student of this origin may still take part in after `at`, or that there is nothing.

    "您还可以参加：第一次补录，9月20日（星期五）凌晨0点起；免试注册，11月10日（星期日）半夜12点前。"
    """
    names = [f"{one.name}，{_when(one, at)}" for one in rounds_of_origin(rounds, origin)]
    if not names:
        return NONE_LEFT
    rest = f"；等{len(names)}个批次" if len(names) > _NAMED else ""
    return f"您还可以参加：{'；'.join(names[:_NAMED])}{rest}。"


def _when(round: LaterRound, at: datetime) -> str:
    match window_status(round.opens, round.closes, at):
        case WindowStatus.OPEN:
            return format_spoken(round.closes, closing=True)
        case WindowStatus.BEFORE:
            return f"{format_spoken(round.opens)}起"
        case _:
            return WindowStatus.UNDATED.label
