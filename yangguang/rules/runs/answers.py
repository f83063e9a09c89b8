"""From the columns of a settled run back to rows: a placement and a reason for everyone. (product.md N8)"""

from collections import Counter

from yangguang.rules.runs.matching_types import Barred, Cutoff, Flow, Outcome, Placement, Reason, ReasonCode
from yangguang.rules.runs.rank_columns import Claims, Seats, Way

_ADMITTED = ReasonCode.ADMITTED
_HIGHER = ReasonCode.HIGHER_CHOICE_ADMITTED
_OUTRANKED = ReasonCode.OUTRANKED
_BARRED = ReasonCode.BARRED
_TIED = ReasonCode.TIED_AT_CUT
_NO_SEATS = ReasonCode.NO_SEATS

_row = tuple.__new__
"""Makes a named tuple out of its fields in a third of the time; there is one for every choice of everybody."""

_Sight = tuple[int, int | None, tuple[int, ...] | None]
"""What one person sees of a line: seats, last place and last score of the buckets open to that person."""


def answer(claims: Claims, seats: Seats) -> Outcome:
    """The outcome of a run in which nobody asks any more."""
    cuts, flows = _cuts(claims, seats)
    width = len(claims.ways)
    got = {-claim % width: bucket for bucket, heap in enumerate(seats.held) for claim in heap}
    answers = _Answers(claims, seats, cuts, got)
    order = sorted(range(len(claims.numbers)), key=claims.numbers.__getitem__)
    return Outcome(tuple(map(answers.placement, order)), tuple(cuts), tuple(flows))


def _cuts(claims: Claims, seats: Seats) -> tuple[list[Cutoff], list[Flow]]:
    """The end of every bucket, and the seats that moved for good because nobody came for them."""
    width = len(claims.ways)
    applicants: Counter[int] = Counter()
    for way, count in Counter(filter(None, claims.ways)).items():
        applicants.update(dict.fromkeys(way, count))
    cuts, flows = [], []
    for bucket, (line, code, heap) in enumerate(zip(seats.line, seats.code, seats.held, strict=True)):
        place, slot = divmod(-heap[0], width) if heap else (None, None)
        last = None if slot is None else claims.wish(slot)
        moved = seats.own[bucket] - seats.reached[bucket] if seats.taker[bucket] >= 0 else 0
        if moved:
            flows.append(Flow(line, code, seats.code[seats.taker[bucket]], moved))
        score = None if last is None else last.score
        cuts.append(
            Cutoff(line, code, seats.room[bucket] - moved, len(heap), applicants[bucket], place, score)
        )
    return cuts, flows


class _Answers:
    """Says to each applicant how each choice ended. `got` maps an admitted slot to its bucket."""

    def __init__(self, claims: Claims, seats: Seats, cuts: list[Cutoff], got: dict[int, int]) -> None:
        self.claims, self.seats, self.cuts, self.got = claims, seats, cuts, got
        self.sights = {way: self._sight(way) for way in set(filter(None, claims.ways))}
        self.whole = {line: self._sight(tuple(buckets)) for line, buckets in seats.of_line.items()}

    def _sight(self, way: Way) -> _Sight:
        place, score = None, None
        for cut in (self.cuts[b] for b in way):
            if cut.last_place is not None and (place is None or cut.last_place > place):
                place, score = cut.last_place, cut.last_score
        return sum(self.cuts[b].seats for b in way), place, score

    def placement(self, i: int) -> Placement:
        """All answers to the applicant at position `i` of the input."""
        claims, got, sights = self.claims, self.got, self.sights
        ways, places = claims.ways, claims.place
        reasons: list[Reason] = []
        rank = line = code = None
        first = claims.first[i]
        for choice, wish in enumerate(claims.given[i], 1):
            slot = first + choice - 1
            way = ways[slot]
            if not way:
                barred = wish.barred or Barred.NO_BUCKET.value
                reasons.append(Reason(choice, wish.line, _BARRED, None, *self.whole[wish.line], barred))
                continue
            if rank is not None:
                verdict = _HIGHER
            elif slot in got:
                verdict = _ADMITTED
                rank, line, code = choice, wish.line, self.seats.code[got[slot]]
            else:
                verdict = self._turned_away(slot, way)
            reasons.append(_row(Reason, (choice, wish.line, verdict, places[slot], *sights[way], None)))
        return Placement(claims.numbers[i], rank, line, code, tuple(reasons))

    def _turned_away(self, slot: int, way: Way) -> ReasonCode:
        """Seats that stay empty although this person asked can only mean a tied group that did not fit."""
        if self.sights[way][0] == 0:
            return _NO_SEATS
        group, cuts = self.claims.group[slot], self.cuts
        tied = any(self.seats.cut[b] == group and cuts[b].admitted < cuts[b].seats for b in way)
        return _TIED if tied else _OUTRANKED
