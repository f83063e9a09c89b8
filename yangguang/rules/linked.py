"""Which lines must be held back together with a wrong one, and which may be published. (trust.md 2)

A line is linked when its own list could change once the wrong line is computed anew: because somebody sitting
there would rather sit in a held-back line and may leave, or because somebody sitting in a held-back line may
have to leave and would get in. Everything else stays exactly as it is, whatever comes out for the rest.
"""

from collections.abc import Iterable

from yangguang.rules.instance import Wish
from yangguang.rules.spread import Spread


def linked_lines(spread: Spread, start: Iterable[int]) -> frozenset[int]:
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


def _links(spread: Spread) -> dict[int, set[int]]:
    """For each line the lines whose list depends on it."""
    follows: dict[int, set[int]] = {}
    last = {key: count.last() for key, count in spread.counts.items()}

    def may_enter(wish: Wish) -> bool:
        for bucket in spread.order.get(wish.line, ()):
            if bucket.code in wish.buckets:
                count, end = spread.counts[wish.line, bucket.code], last[wish.line, bucket.code]
                if count.moved or len(count.sitting) < count.seats:
                    return True
                if end is not None and not count.ahead(end[1], wish):
                    return True
        return False

    for seat in spread.seated:
        own = seat.line
        passed = False
        for wish in spread.wishes.get(seat.number, ()):
            if wish.line == own:
                passed = True
            elif wish.barred is None and own is not None:
                if not passed:
                    follows.setdefault(wish.line, set()).add(own)
                elif may_enter(wish):
                    follows.setdefault(own, set()).add(wish.line)
    return follows
