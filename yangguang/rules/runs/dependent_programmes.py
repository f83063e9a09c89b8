"""Which lines must be held back together with a wrong one, and which may be published. (trust.md 2)

A line is linked when its own list could change once the wrong line is computed anew: because somebody sitting
there would rather sit in a held-back line and may leave; because somebody sitting in a held-back line may have
to leave and would get in; or because somebody waiting in a tied group that did not fit may move up elsewhere, so
that the rest of the group fits. Everything else stays exactly as it is, whatever comes out for the rest.
"""

from collections.abc import Iterable

from yangguang.rules.runs.matching_types import Choice
from yangguang.rules.runs.verification_view import VerificationView


def find_dependent_programmes(spread: VerificationView, start: Iterable[int]) -> frozenset[int]:
    """`start` and every line linked to it, over any number of steps. Linear in the number of wishes."""
    follows = _links(spread)
    found = set(start)
    todo = list(found)
    while todo:
        for line in follows.get(todo.pop(), ()):
            if line not in found:
                found.add(line)
                todo.append(line)
    return frozenset(found)


def _links(spread: VerificationView) -> dict[int, set[int]]:
    """For each line the lines whose list depends on it."""
    follows: dict[int, set[int]] = {line: set() for line in spread.lines}
    edge = _Edge(spread)
    seat_of = {seat.number: seat.line for seat in spread.seated}
    for number, wishes in spread.applicants:
        own = seat_of.get(number)
        better: list[int] = []
        passed = False
        for wish in wishes:
            if wish.line not in follows or (wish.barred is not None and wish.line != own):
                continue
            if passed:
                if own is not None and edge.lets_in(wish):
                    follows[own].add(wish.line)
                continue
            passed = wish.line == own
            if passed or edge.keeps_waiting(wish):
                for line in better:
                    follows[line].add(wish.line)
            better.append(wish.line)
    return follows


class _Edge:
    """Where every bucket ends: its last one, and the tied group for which its empty seats do not suffice."""

    def __init__(self, spread: VerificationView) -> None:
        self.spread = spread
        self.last = {key: count.last() for key, count in spread.counts.items()}
        self.tied: dict[tuple[int, str], tuple[int, ...]] = {}
        for key, count in spread.counts.items():
            first = count.first_waiting() if len(count.sitting) < count.seats else None
            if first is not None:
                self.tied[key] = first[1].score

    def _keys(self, wish: Choice) -> list[tuple[int, str]]:
        return [(wish.line, b.code) for b in self.spread.order[wish.line] if b.code in wish.buckets]

    def keeps_waiting(self, wish: Choice) -> bool:
        """Whether this person belongs to a group that waits in front of empty seats."""
        return any(self.tied.get(key) == wish.score for key in self._keys(wish))

    def lets_in(self, wish: Choice) -> bool:
        """Whether this person, coming anew, would get a seat or change who sits there."""
        for key in self._keys(wish):
            count, end = self.spread.counts[key], self.last[key]
            if count.moved or len(count.sitting) < count.seats:
                return True
            if end is not None and not count.ahead(end[1], wish):
                return True
        return False
