"""A result spread out by bucket: who sits there, and who would rather sit there than where they are.

This is what `rules.runs.verification` looks at; it shares no line of code with the matching.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from yangguang.rules.plans.quotas import ProgrammeSeats, Quota, Tie
from yangguang.rules.runs.matching_types import Applicant, Choice, Placement


@dataclass(slots=True)
class QuotaCount:
    """One bucket of the result. `seats` are those after cap and flow, `moved` those it gave away."""

    bucket: Quota
    seats: int = 0
    moved: int = 0
    sitting: list[tuple[str, Choice]] = field(default_factory=list)
    waiting: list[tuple[str, Choice]] = field(default_factory=list)

    def ahead(self, one: Choice, other: Choice) -> bool:
        """Whether `one` goes before `other` in this bucket."""
        if one.score != other.score or self.bucket.tie is Tie.ALL_WAIT:
            return one.score > other.score
        return one.lottery < other.lottery

    def last(self) -> tuple[str, Choice] | None:
        """Number and wish of the last one sitting here."""
        return self._end(self.sitting, last=True)

    def first_waiting(self) -> tuple[str, Choice] | None:
        """Number and wish of the first one who would rather sit here."""
        return self._end(self.waiting, last=False)

    def _end(self, rows: list[tuple[str, Choice]], *, last: bool) -> tuple[str, Choice] | None:
        if not rows:
            return None
        end = rows[0]
        for row in rows:
            if self.ahead(end[1], row[1]) if last else self.ahead(row[1], end[1]):
                end = row
        return end


class VerificationView:
    """The result spread out by bucket, in one pass over the wishes."""

    def __init__(
        self,
        applicants: Sequence[Applicant],
        lines: Mapping[int, ProgrammeSeats],
        placements: Sequence[Placement],
    ) -> None:
        self.applicants, self.lines, self.placements = applicants, lines, placements
        self.wishes = {applicant.number: applicant.wishes for applicant in applicants}
        self.order = {line: seats.in_order for line, seats in lines.items()}
        self.counts = {
            (line, bucket.code): QuotaCount(bucket) for line, order in self.order.items() for bucket in order
        }
        self.seated = [row for row in placements if row.line is not None]
        seat_of = {row.number: row for row in placements}
        for applicant in applicants:
            self._spread(applicant, seat_of.get(applicant.number))
        for line in lines.values():
            self._seats(line)

    def said(self, line: int | None, code: str | None = None) -> str:
        """How a person calls a line, or one of its buckets; a result may name some that do not exist."""
        seats = None if line is None else self.lines.get(line)
        place = f"计划行{line}" if seats is None else seats.said
        if code is None:
            return place
        count = None if line is None else self.counts.get((line, code))
        return place + (f"“{code}”" if count is None else count.bucket.said)

    def _spread(self, applicant: Applicant, seat: Placement | None) -> None:
        """Enter one person in every bucket at least as good for that person as the own seat."""
        for wish in applicant.wishes:
            here = seat is not None and seat.line == wish.line
            if wish.barred is None:
                for bucket in self.order.get(wish.line, ()):
                    if bucket.code in wish.buckets:
                        count = self.counts[wish.line, bucket.code]
                        if here and seat is not None and seat.bucket == bucket.code:
                            count.sitting.append((applicant.number, wish))
                            return
                        count.waiting.append((applicant.number, wish))
            if here:
                return

    def _seats(self, line: ProgrammeSeats) -> None:
        """Seats of each bucket after cap and flow, from those who would take them."""
        left = line.seats if line.cap is None else line.cap
        for bucket in self.order[line.line]:
            count = self.counts[line.line, bucket.code]
            own = min(bucket.seats, left)
            left -= own
            came = len(count.sitting) + len(count.waiting)
            moved = max(0, own - came) if bucket.flows_to is not None else 0
            count.moved = moved
            count.seats += own - moved
            if bucket.flows_to is not None:
                self.counts[line.line, bucket.flows_to].seats += moved
