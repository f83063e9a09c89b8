"""Who gets which seat: student-optimal deferred acceptance on buckets, with a reason for every choice.

([S24] 集中录取; domain-rules §3–§4. The whole argument with its sources: docs/mechanisms/matching.md.)

Every applicant asks for the first choice. Within a line the buckets are tried in their order. A full bucket
keeps the best it has seen and turns the others away; who is turned away asks further down. Seats that nobody
of a bucket has asked for are lent down the line from the start and go home one by one as their owners come.

All of it rests on one property: *who is turned away stays turned away when more people ask*. The room of a
bucket only shrinks during a run, and its cut only rises. From this it follows that the run ends (a bucket
turns a wish away at most once), that the order of asking changes nothing, that the result is stable for the
seats as they stand in the end, and that no stable result is better for anybody (Gale–Shapley 1962;
Roth–Sotomayor 1990; Hatfield–Milgrom 2005; Hafalir–Yenmez–Yildirim 2013 for the reserves; Aygün–Turhan 2020
for seats that move; Biró–Kiselgof 2015 for the tied group that waits). With lotteries nobody gains by hiding
or reordering a wish; under ALL_WAIT this last sentence is not true.
"""

from collections.abc import Iterable
from heapq import heappop, heappush, heappushpop

from yangguang.rules.plans.quotas import ProgrammeSeats
from yangguang.rules.runs.answers import answer
from yangguang.rules.runs.matching_types import (
    Applicant,
    Choice,
    Cutoff,
    Flow,
    Outcome,
    Placement,
    Reason,
    ReasonCode,
)
from yangguang.rules.runs.memory import collector_paused
from yangguang.rules.runs.rank_columns import Claims, Seats
from yangguang.rules.runs.reasons import say_reason

__all__ = [
    "Applicant",
    "Choice",
    "Cutoff",
    "Flow",
    "Outcome",
    "Placement",
    "Reason",
    "ReasonCode",
    "match",
    "say_reason",
]


def match(applicants: Iterable[Applicant], lines: Iterable[ProgrammeSeats]) -> Outcome:
    """Place every applicant: O(n log n) for n wishes. The order of the input does not matter.

    Args:
        applicants: each number once; choices in order, each line at most once.
        lines: all plan lines of the round.

    Raises:
        Refused: a number or a line that occurs twice, a wish for a line the round does not have, buckets that
            make no sense, a person of a confined group listed in a second bucket, or two people whom neither
            score nor lottery puts in order.
    """
    with collector_paused():
        seats = Seats(lines)
        claims = Claims(applicants, seats)
        _Run(claims, seats).settle()
        return answer(claims, seats)


class _Run:
    """One run over the columns; `asking` holds the wishes still to be tried, with the step on their way."""

    def __init__(self, claims: Claims, seats: Seats) -> None:
        self.claims, self.seats = claims, seats
        self.asking: list[tuple[int, int]] = []

    def settle(self) -> None:
        """Let one applicant after another ask, and all who are turned away ask on, until nobody asks."""
        claims, seats, asking = self.claims, self.seats, self.asking
        ways, place, group, width = claims.ways, claims.place, claims.group, len(claims.ways)
        held, room, cut, all_wait = seats.held, seats.room, seats.cut, seats.all_wait
        own, reached = seats.own, seats.reached
        for start in claims.first:
            asking.append((start, 0))
            while asking:
                slot, step = asking.pop()
                way = ways[slot]
                if way is None:
                    continue  # The wishes of this person are used up.
                if step == len(way):
                    asking.append((slot + 1, 0))
                    continue
                bucket = way[step]
                heap = held[bucket]
                claim = -(place[slot] * width + slot)
                if group[slot] >= cut[bucket]:
                    asking.append((slot, step + 1))
                elif reached[bucket] < own[bucket]:
                    heappush(heap, claim)
                    self.call_home(bucket)
                elif len(heap) < room[bucket]:
                    heappush(heap, claim)
                elif all_wait[bucket]:
                    heappush(heap, claim)
                    self.turn_away(bucket)
                else:
                    self.ask_on(-heappushpop(heap, claim) % width, bucket)

    def call_home(self, bucket: int) -> None:
        """Someone came for a seat of the bucket's own; where it was lent, it is missing from now on."""
        seats = self.seats
        seats.reached[bucket] += 1
        taker = seats.taker[bucket]
        if taker >= 0:
            seats.room[taker] -= 1
            if len(seats.held[taker]) > seats.room[taker]:
                self.turn_away(taker)

    def turn_away(self, bucket: int) -> None:
        """The bucket holds one more than its room: the last one goes, or the whole last tied group."""
        heap, group, width = self.seats.held[bucket], self.claims.group, len(self.claims.ways)
        slot = -heappop(heap) % width
        self.ask_on(slot, bucket)
        if self.seats.all_wait[bucket]:
            tied = self.seats.cut[bucket] = group[slot]
            while heap and group[-heap[0] % width] == tied:
                self.ask_on(-heappop(heap) % width, bucket)

    def ask_on(self, slot: int, bucket: int) -> None:
        way = self.claims.ways[slot] or ()
        self.asking.append((slot, way.index(bucket) + 1))
