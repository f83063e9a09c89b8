"""What of a person goes into the public bundle of a round, and how its rows are cut so that nobody can be found.

The reasons stand in docs/decisions/0022. Everything here rests on one property of the procedure (docs/mechanisms/
matching.md): whoever is turned away stays turned away. Therefore choices after the own seat are never looked at, and
a row may be cut in two after a choice that failed, without any change in anybody's result.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
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
    """Lines whose number of admitted persons is not shown: those under `small`, and one more when there is only one.

    The total of a round is public; a single number left out could be had by subtraction. (complementary suppression)

    Args:
        admitted: line code to persons admitted; small: the smallest number that may be shown.
    """
    found = {code for code, number in admitted.items() if 0 < number < small}
    if len(found) == 1 and (others := [code for code, number in admitted.items() if number >= small]):
        found.add(min(others, key=lambda code: (admitted[code], code)))
    return found
