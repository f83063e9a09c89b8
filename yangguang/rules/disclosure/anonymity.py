"""What of a person goes into the public bundle of a round, and how its rows are cut so that nobody can be found.

The reasons stand in docs/decisions/0022. Everything here rests on one property of the procedure (docs/mechanisms/
matching.md): whoever is turned away stays turned away. Therefore choices after the own seat are never looked at, and
a row may be cut in two after a choice that failed, without any change in anybody's result.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

Mac = Callable[[bytes], bytes]
"""A keyed digest: the same text gives the same bytes, and nobody without the key can make or check one."""

ID_DIGITS = 16
"""64 bits: two of a million rows meet once in forty million bundles; who makes a bundle looks for it all the same."""


class Asked(NamedTuple):
    """One choice that the procedure looked at.

    Args:
        rank: which choice it was, from 1; code: of the line; place: within the line, from 1.
        group: the best place with an equal score.
        got: whether it is the own seat; then it is the last one.
    """

    rank: int
    code: str
    place: int
    group: int
    got: bool


def row_id(mac: Mac, number: str, piece: int) -> str:
    """The public id of one piece of an application; without the key it leads to no 报名号 and to no other piece."""
    return mac(f"row\t{number}\t{piece}".encode()).hex()[:ID_DIGITS]


def line_id(mac: Mac, code: str) -> str:
    """The name of a line whose own code would show how few were admitted there."""
    return "M-" + mac(f"line\t{code}".encode()).hex()[:12]


def pieces(asked: Sequence[Asked], masked: Collection[str], *, is_cut: bool) -> dict[int, tuple[Asked, ...]]:
    """The rows of one application, by the number that makes their ids.

    Choices of lines that are named stay together as piece 0, so that the procedure can be followed. A choice of a
    masked line is a row of its own (numbered by its rank): a small list must not lead to somebody's other choices.

    Args:
        asked: in order of choice. masked: codes of lines that are not named.
        is_cut: those without a seat are so few in this round that their choices are not shown together either.
    """
    found: dict[int, tuple[Asked, ...]] = {one.rank: (one,) for one in asked if one.code in masked}
    named = tuple(one for one in asked if one.code not in masked)
    if is_cut and len(named) > 1 and not named[-1].got:
        return found | {one.rank: (one,) for one in named}
    return found | ({0: named} if named else {})


def told_by_failures(asked: Sequence[Asked], masked: Collection[str]) -> bool:
    """Whether piece 0 shows several choices and no seat."""
    named = [one for one in asked if one.code not in masked]
    return len(named) > 1 and not named[-1].got


def hidden_lines(admitted: Mapping[str, int], small: int) -> set[str]:
    """Lines whose number of admitted persons is not shown: those under `small`, none at all included.

    With 0 shown, one seat and a hidden number would mean exactly one person.

    Args:
        admitted: line code to persons admitted; small: the smallest number that may be shown.
    """
    return {code for code, number in admitted.items() if number < small}


@dataclass(frozen=True, slots=True)
class Hidden:
    """What is not told of a round so that no number of a small line can be computed.

    Args:
        lines: codes whose number is not shown.
        is_thin: the small ones do not hide each other; the public bundle then leaves all of `lines` out.
        has_total: the persons of all lines together may be said.
    """

    lines: frozenset[str]
    is_thin: bool
    has_total: bool


def hiding(admitted: Mapping[str, int], seats: Mapping[str, int], small: int) -> Hidden:
    """Which numbers are hidden, so that total and seats of no line tell that anybody was admitted to it.

    Whoever subtracts what is shown from the total knows how many persons the hidden lines share. A line is told if
    the others, filled as far as their seats and `small` allow, cannot hold them all. Then larger lines that still
    have seats are hidden with them, the smallest first; where that is not enough, the total is not said either.
    (complementary suppression)

    Args:
        admitted, seats: line code to persons and seats of the same lines; small: as for `hidden_lines`.
    """
    found = hidden_lines(admitted, small)
    most = {code: min(seats[code], small - 1) for code in found}
    # A line may have none if the others can hold all the persons; the largest is the first that may not.
    lacking = sum(admitted[code] for code in found) - sum(most.values()) + max(most.values(), default=0)
    if lacking <= 0 or not any(admitted[code] for code in found):
        return Hidden(frozenset(found), is_thin=False, has_total=True)
    more: list[str] = []
    for code in sorted(admitted.keys() - found, key=lambda code: (admitted[code], code)):
        if lacking > 0 and (room := seats[code] - admitted[code]) > 0:
            more.append(code)
            lacking -= room
    if lacking > 0:
        return Hidden(frozenset(found), is_thin=True, has_total=False)
    return Hidden(frozenset(found.union(more)), is_thin=True, has_total=True)
