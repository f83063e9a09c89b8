"""From the rows of a ranked round to the market that is matched: checks, eligible quotas, places at every programme.
(R3.07, R4.04)
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.quotas import ProgrammeSeats, Tie, check_quotas, has_conflict
from yangguang.rules.runs.matching import Market, ProgrammeState, QuotaState
from yangguang.rules.runs.matching_types import Applicant, Choice

RankedChoice = tuple[tuple[int, ...], str, int]
"""Score, lottery and number of a choice that is ranked at a programme."""


def sort_programmes(programmes: Iterable[ProgrammeSeats]) -> list[ProgrammeSeats]:
    """The programmes by number.

    Raises:
        Refused: a programme that occurs twice, or quotas that make no sense.
    """
    by_number = sorted(programmes, key=lambda one: one.programme)
    for one, following in pairwise(by_number):
        if one.programme == following.programme:
            raise Refused(f"计划行{one.programme}出现了两次", now="请核对本批次的计划行")
    for one in by_number:
        check_quotas(one)
    return by_number


def start_programme(programme: ProgrammeSeats) -> ProgrammeState:
    """The programme at the beginning of the matching, its cap applied; its code is its number."""
    quotas = (
        QuotaState(one.code, one.seats, one.priority, one.flows_to or "", ties_wait=one.tie is Tie.ALL_WAIT)
        for one in programme.quotas
    )
    return ProgrammeState(str(programme.programme), quotas, programme.cap)


def build_market(applicants: Sequence[Applicant], programmes: Sequence[ProgrammeSeats]) -> Market:
    """Rank every choice at its programme, by score and then by lottery. O(n log n) for n choices.

    Args:
        applicants: each number once; choices in order, each programme at most once.
        programmes: as `sort_programmes` returns them; the market numbers them in this order.

    Raises:
        Refused: a number or a programme that occurs twice, an unknown programme, an applicant of a confined quota
            who is listed in a second one, or two applicants whom neither score nor lottery puts in order.
    """
    market = Market(map(start_programme, programmes))
    index = {one.programme: i for i, one in enumerate(programmes)}
    eligible: dict[tuple[int, Collection[str]], frozenset[str]] = {}
    entries: list[list[RankedChoice]] = [[] for _ in programmes]
    for number, choices in applicants:
        if len({choice.programme for choice in choices}) != len(choices):
            raise Refused(f"报名号{number}把同一计划行填了两次", now="请核对志愿数据")
        row: list[tuple[int, int, int, frozenset[str]]] = []
        for choice in choices:
            key = choice.programme, choice.quotas
            if key not in eligible:
                eligible[key] = _find_eligible(number, choice, programmes, index)
            at = index[choice.programme]
            quotas = frozenset[str]() if choice.barred is not None else eligible[key]
            if quotas:
                entries[at].append((choice.score, choice.lottery, market.first[-1] + len(row)))
            row.append((at, 0, 0, quotas))
        market.add_applicant(number, row)
    for number, following in pairwise(sorted(market.names)):
        if number == following:
            raise Refused(f"报名号{number}出现了两次", now="请核对报名数据")
    for at, ranked in enumerate(entries):
        _rank(market, at, ranked)
    return market


def _find_eligible(
    number: str, choice: Choice, programmes: Sequence[ProgrammeSeats], index: dict[int, int]
) -> frozenset[str]:
    """Codes of the quotas of the chosen programme that are open to the applicant."""
    if choice.programme not in index:
        raise Refused(f"报名号{number}的志愿中有本批次没有的计划行{choice.programme}", now="请核对本批次的计划行")
    quotas = programmes[index[choice.programme]].find_eligible(choice.quotas)
    if has_conflict(quotas):
        names = "、".join(f"“{quota.code}”" for quota in quotas)
        raise Refused(
            f"报名号{number}在计划行{choice.programme}同时列入{names}",
            why="方式为“限定”或“不超过”的类别，其考生只能通过这一类录取",
            now="请确定该考生属于哪一类；普通类的方式应为“不少于”",
        )
    return frozenset(quota.code for quota in quotas)


def _rank(market: Market, programme: int, entries: list[RankedChoice]) -> None:
    """Write places and tie groups of one programme into the market; equal scores share a place if all ties wait."""
    entries.sort(key=lambda entry: entry[1])
    entries.sort(key=lambda entry: entry[0], reverse=True)
    uses_lottery = not all(quota.ties_wait for quota in market.programmes[programme].quotas)
    group, before = 0, None
    for position, entry in enumerate(entries, 1):
        if before is None or before[0] != entry[0]:
            group = position
        elif uses_lottery and before[1] == entry[1]:
            raise _refuse_pair(market, programme, before[2], entry[2])
        market.place[entry[2]] = position if uses_lottery else group
        market.tie_group[entry[2]] = group
        before = entry


def _refuse_pair(market: Market, programme: int, one: int, other: int) -> Refused:
    pair = "、".join(sorted(market.names[bisect_right(market.first, at) - 1] for at in (one, other)))
    return Refused(
        f"计划行{market.programmes[programme].code}的报名号{pair}分数和抽签号都相同，无法排出先后",
        why="同分时以抽签号为准，每个报名号的抽签号应各不相同",
        now="请先生成抽签号，再开始录取",
    )
