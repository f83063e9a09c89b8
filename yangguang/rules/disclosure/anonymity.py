"""What of an application goes into the public bundle of a round, and how its rows are split so that none is identified.
(F-N1)

The reasons are in docs/decisions/0022. Everything rests on one property of the matching (docs/mechanisms/matching.md):
once rejected, always rejected. Choices after the own seat are therefore never considered, and a row may be split after
a choice that failed without any change in a result.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

Mac = Callable[[bytes], bytes]
"""A keyed digest: the same text gives the same bytes, and only the holder of the key can make or check one."""

ID_DIGITS = 16
"""64 bits: two of a million rows meet once in forty million bundles, and the builder of a bundle checks for it."""


class ConsideredChoice(NamedTuple):
    """One choice that the matching considered.

    Args:
        rank: which choice it was, from 1; code: of the programme; place: at the programme, from 1.
        group: the best place with an equal score.
        is_admitted: whether it is the own seat; then it is the last one.
    """

    rank: int
    code: str
    place: int
    group: int
    is_admitted: bool = False


def row_id(mac: Mac, number: str, piece: int) -> str:
    """The public id of one piece of an application; without the key it leads to no 报名号 and to no other piece."""
    return mac(f"row\t{number}\t{piece}".encode()).hex()[:ID_DIGITS]


def masked_code(mac: Mac, code: str) -> str:
    """The pseudonym of a programme whose own code would show how few were admitted."""
    return "M-" + mac(f"line\t{code}".encode()).hex()[:12]


def split_row(
    choices: Sequence[ConsideredChoice], masked: Collection[str], *, is_cut: bool
) -> dict[int, tuple[ConsideredChoice, ...]]:
    """The rows of one application, by the number that makes their ids.

    Choices of named programmes stay together as piece 0, so that the matching can be followed. A choice of a masked
    programme is a separate row (numbered by its rank): a small list must not lead to a person's other choices.

    Args:
        choices: in order of choice. masked: codes of programmes that are not named.
        is_cut: applicants without a seat are so few in this round that their choices are not displayed together either.
    """
    rows: dict[int, tuple[ConsideredChoice, ...]] = {one.rank: (one,) for one in choices if one.code in masked}
    named = tuple(one for one in choices if one.code not in masked)
    if is_cut and shows_only_failures(choices, masked):
        return rows | {one.rank: (one,) for one in named}
    return rows | ({0: named} if named else {})


def shows_only_failures(choices: Sequence[ConsideredChoice], masked: Collection[str]) -> bool:
    """Whether piece 0 shows several choices and no seat."""
    named = [one for one in choices if one.code not in masked]
    return len(named) > 1 and not named[-1].is_admitted


def find_small_programmes(admitted: Mapping[str, int], small: int) -> set[str]:
    """Programmes whose number of admissions is not displayed: those under `small`, 0 included.

    With 0 displayed, one seat and a hidden number would mean exactly one person.

    Args:
        admitted: code to persons admitted; small: the smallest number that may be displayed.
    """
    return {code for code, number in admitted.items() if number < small}


@dataclass(frozen=True, slots=True)
class Suppression:
    """What is not published of a round so that no number of a small programme can be computed.

    Args:
        programmes: codes whose number is not displayed.
        is_thin: the small ones do not hide each other; the public bundle then leaves all of them out.
        has_total: the number of all programmes together may be displayed.
    """

    programmes: frozenset[str]
    is_thin: bool
    has_total: bool


def suppress_small(admitted: Mapping[str, int], seats: Mapping[str, int], small: int) -> Suppression:
    """Choose the numbers to hide, so that total and seats never reveal that a person was admitted to a small programme.

    The total less what is public is the number of persons that the hidden programmes share. One of them is revealed if
    the others, filled as far as their seats and `small` allow, cannot hold them all. Then larger programmes that still
    have seats are hidden with them, the smallest first; where that is not enough, the total is not displayed either.
    (complementary suppression)

    Args:
        admitted, seats: code to persons and seats of the same programmes; small: as for `find_small_programmes`.
    """
    small_ones = find_small_programmes(admitted, small)
    most = {code: min(seats[code], small - 1) for code in small_ones}
    # A programme may have none if the others can hold all the persons; the largest is the first that may not.
    lacking = sum(admitted[code] for code in small_ones) - sum(most.values()) + max(most.values(), default=0)
    if lacking <= 0 or not any(admitted[code] for code in small_ones):
        return Suppression(frozenset(small_ones), is_thin=False, has_total=True)
    more: list[str] = []
    for code in sorted(admitted.keys() - small_ones, key=lambda code: (admitted[code], code)):
        if lacking > 0 and (room := seats[code] - admitted[code]) > 0:
            more.append(code)
            lacking -= room
    if lacking > 0:
        return Suppression(frozenset(small_ones), is_thin=True, has_total=False)
    return Suppression(frozenset(small_ones.union(more)), is_thin=True, has_total=True)
