"""The rows of a ranked run as columns, checked and ranked: what the matching works on. (domain-rules §4)"""

import itertools
from bisect import bisect_right
from collections.abc import Iterable

from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.quotas import ProgrammeSeats, Tie, check_quotas
from yangguang.rules.runs.matching_types import Applicant, Choice

Way = tuple[int, ...]
"""The buckets, by their number, in which one wish is tried, in order."""

NOBODY = 1 << 62
"""A cut below everyone: no tied group has been turned away."""


class Seats:
    """The buckets of all lines as columns, numbered by line and priority.

    `own` are the seats after the cap; `room` is what a bucket may hold at the moment, lent seats included;
    `reached` counts who ever asked, up to `own`; `held` are heaps of −(place × slots + slot), with the
    last one on top; `cut` is the best tied group that was turned away.
    """

    def __init__(self, lines: Iterable[ProgrammeSeats]) -> None:
        self.of_line: dict[int, range] = {}
        self.line: list[int] = []
        self.code: list[str] = []
        self.own: list[int] = []
        self.confines: list[bool] = []
        self.all_wait: list[bool] = []
        self.taker: list[int] = []
        for line in sorted(lines, key=lambda line: line.line):
            self._add(line)
        count = len(self.line)
        self.room = list(self.own)
        for giver, taker in enumerate(self.taker):
            if taker >= 0:
                self.room[taker] += self.own[giver]
        self.reached = [0] * count
        self.cut = [NOBODY] * count
        self.held: list[list[int]] = [[] for _ in range(count)]

    def _add(self, line: ProgrammeSeats) -> None:
        if line.line in self.of_line:
            raise Refused(f"计划行{line.line}出现了两次", now="请核对本批次的计划行")
        check_quotas(line)
        order = line.in_order
        first = len(self.line)
        at = {bucket.code: first + i for i, bucket in enumerate(order)}
        own = [bucket.seats for bucket in order]
        excess = 0 if line.cap is None else max(0, line.seats - line.cap)
        for i in reversed(range(len(own))):
            struck = min(excess, own[i])
            own[i] -= struck
            excess -= struck
        self.of_line[line.line] = range(first, first + len(order))
        self.line += [line.line] * len(order)
        self.code += [bucket.code for bucket in order]
        self.own += own
        self.confines += [bucket.mode.confines for bucket in order]
        self.all_wait += [bucket.tie is Tie.ALL_WAIT for bucket in order]
        self.taker += [-1 if bucket.flows_to is None else at[bucket.flows_to] for bucket in order]

    def way(self, number: str, wish: Choice) -> Way:
        """The buckets of the line that this wish is tried in.

        Raises:
            Refused: when the line is unknown, or a person of a confined group is listed in a second bucket.
        """
        if wish.line not in self.of_line:
            raise Refused(
                f"报名号{number}的志愿中有本批次没有的计划行{wish.line}", now="请核对本批次的计划行"
            )
        way = tuple(b for b in self.of_line[wish.line] if self.code[b] in wish.buckets)
        if len(way) > 1 and any(self.confines[b] for b in way):
            names = "、".join(f"“{self.code[b]}”" for b in way)
            raise Refused(
                f"报名号{number}在计划行{wish.line}同时列入{names}",
                why="方式为“限定”或“不超过”的类别，其考生只能通过这一类录取",
                now="请确定该考生属于哪一类；普通类的方式应为“不少于”",
            )
        return way


class Claims:
    """The wishes of all applicants as columns; each applicant's wishes are followed by an empty slot.

    `given` are the wishes themselves. `ways[slot]` is None on the empty slot and () where the person may not be
    ranked. `place` counts from 1 within the line, smaller is better; `group` is the same with equal scores sharing
    one.
    """

    def __init__(self, applicants: Iterable[Applicant], seats: Seats) -> None:
        self.numbers: list[str] = []
        self.first: list[int] = []
        self.given: list[tuple[Choice, ...]] = []
        self.ways: list[Way | None] = []
        known: dict[tuple[int, frozenset[str] | tuple[str, ...]], Way] = {}
        for number, wishes in applicants:
            self.numbers.append(number)
            self.first.append(len(self.ways))
            self.given.append(wishes)
            if len({wish.line for wish in wishes}) != len(wishes):
                raise Refused(f"报名号{number}把同一计划行填了两次", now="请核对志愿数据")
            for line, _, _, buckets, barred in wishes:
                way = known.get((line, buckets))
                if way is None:
                    wish = Choice(line, (), "", buckets)
                    way = known[line, buckets] = seats.way(number, wish)
                self.ways.append(way if barred is None else ())
            self.ways.append(None)
        if len(set(self.numbers)) != len(self.numbers):
            number = next(a for a, b in itertools.pairwise(sorted(self.numbers)) if a == b)
            raise Refused(f"报名号{number}出现了两次", now="请核对报名数据")
        self.place = [0] * len(self.ways)
        self.group = [0] * len(self.ways)
        self._rank(seats)

    def wish(self, slot: int) -> Choice:
        i = bisect_right(self.first, slot) - 1
        return self.given[i][slot - self.first[i]]

    def number_of(self, slot: int) -> str:
        return self.numbers[bisect_right(self.first, slot) - 1]

    def _rank(self, seats: Seats) -> None:
        """Number the wishes of each line from the best: score first, then lottery.

        Scores and draws are put in order once for all lines, so that a line sorts plain integers.
        """
        scores: set[tuple[int, ...]] = set()
        found: set[str] = set()
        last_score, last_draw, rank = None, None, 0
        for wishes in self.given:
            for _, score, draw, _, _ in wishes:
                # Most people carry one score and one draw through all choices: they are looked up once.
                if score is not last_score or draw is not last_draw:
                    last_score, last_draw = score, draw
                    scores.add(score)
                    found.add(draw)
        by_score = {score: i for i, score in enumerate(sorted(scores, reverse=True))}
        by_draw = {draw: i for i, draw in enumerate(sorted(found))}
        draws, width, ways = max(1, len(by_draw)), len(self.ways), self.ways
        keys: dict[int, list[int]] = {line: [] for line in seats.of_line}
        last_score = last_draw = None
        for slot, wishes in zip(self.first, self.given, strict=True):
            for line, score, draw, _, _ in wishes:
                if ways[slot]:
                    if score is not last_score or draw is not last_draw:
                        last_score, last_draw = score, draw
                        rank = (by_score[score] * draws + by_draw[draw]) * width
                    keys[line].append(rank + slot)
                slot += 1
        for line, sorted_keys in keys.items():
            sorted_keys.sort()
            by_lottery = not all(seats.all_wait[b] for b in seats.of_line[line])
            self._number(line, sorted_keys, draws, by_lottery)

    def _number(self, line: int, keys: list[int], draws: int, by_lottery: bool) -> None:
        """Give places along the sorted `keys` = (score order × draws + draw order) × slots + slot."""
        place, group, width = self.place, self.group, len(self.ways)
        score_step = draws * width
        slots = [key % width for key in keys]
        last_score = shared = -1
        for position, (key, slot) in enumerate(zip(keys, slots, strict=True), 1):
            score = key // score_step
            if score != last_score:
                shared, last_score = position, score
            group[slot] = shared
            place[slot] = position if by_lottery else shared
        if by_lottery:
            ranks = [key // width for key in keys]
            for i, (one, other) in enumerate(itertools.pairwise(ranks)):
                if one == other:
                    self._refuse_pair(line, slots[i], slots[i + 1])

    def _refuse_pair(self, line: int, one: int, other: int) -> None:
        pair = "、".join(sorted((self.number_of(one), self.number_of(other))))
        raise Refused(
            f"计划行{line}的报名号{pair}分数和抽签号都相同，无法排出先后",
            why="同分时以抽签号为准，每个报名号的抽签号应各不相同",
            now="请先生成抽签号，再开始录取",
        )
