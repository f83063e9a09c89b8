"""A result by quota for `rules.runs.verification`: who is admitted, who would rather be; no code of the matching.
(T1.02)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from yangguang.rules.plans.quotas import ProgrammeSeats, Quota, Tie
from yangguang.rules.runs.matching_types import Applicant, Choice, Placement


@dataclass(slots=True)
class QuotaCount:
    """One quota of the result: `seats` after cap and moves, `moved` given away, applicants with their choices."""

    quota: Quota
    seats: int = 0
    moved: int = 0
    admitted: list[tuple[str, Choice]] = field(default_factory=list)
    waiting: list[tuple[str, Choice]] = field(default_factory=list)

    def ahead(self, one: Choice, other: Choice) -> bool:
        """Whether `one` goes before `other` in this quota."""
        if one.score != other.score or self.quota.tie is Tie.ALL_WAIT:
            return one.score > other.score
        return one.lottery < other.lottery

    def last(self) -> tuple[str, Choice] | None:
        """Number and choice of the last one admitted."""
        return self._end(self.admitted, last=True)

    def first_waiting(self) -> tuple[str, Choice] | None:
        """Number and choice of the first one who would rather be admitted here."""
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
    """The result by quota, computed in one pass over the choices."""

    def __init__(
        self, applicants: Sequence[Applicant], programmes: Mapping[int, ProgrammeSeats], placements: Sequence[Placement]
    ) -> None:
        self.applicants, self.programmes, self.placements = applicants, programmes, placements
        self.choices = {applicant.number: applicant.choices for applicant in applicants}
        self.order = {programme: seats.by_priority for programme, seats in programmes.items()}
        self.counts = {
            (programme, quota.code): QuotaCount(quota) for programme, order in self.order.items() for quota in order
        }
        self.admitted = [row for row in placements if row.programme is not None]
        seat_of = {row.number: row for row in placements}
        for applicant in applicants:
            self._enter(applicant, seat_of.get(applicant.number))
        for programme in programmes.values():
            self._count_seats(programme)

    def describe(self, programme: int | None, code: str | None = None) -> str:
        """Display name of a programme or of one of its quotas, which need not exist."""
        seats = None if programme is None else self.programmes.get(programme)
        place = f"计划行{programme}" if seats is None else seats.display_name
        if code is None:
            return place
        count = None if programme is None else self.counts.get((programme, code))
        return place + (f"“{code}”" if count is None else count.quota.display_name)

    def _enter(self, applicant: Applicant, seat: Placement | None) -> None:
        """Enter an applicant in every quota at least as good for the applicant as the own seat."""
        for choice in applicant.choices:
            here = seat is not None and seat.programme == choice.programme
            if choice.barred is None:
                for quota in self.order.get(choice.programme, ()):
                    if quota.code in choice.quotas:
                        count = self.counts[choice.programme, quota.code]
                        if here and seat is not None and seat.quota == quota.code:
                            count.admitted.append((applicant.number, choice))
                            return
                        count.waiting.append((applicant.number, choice))
            if here:
                return

    def _count_seats(self, programme: ProgrammeSeats) -> None:
        """Compute the seats of each quota after cap and moves, from those who would take them."""
        left = programme.seats if programme.cap is None else programme.cap
        for quota in self.order[programme.programme]:
            count = self.counts[programme.programme, quota.code]
            own = min(quota.seats, left)
            left -= own
            demand = len(count.admitted) + len(count.waiting)
            moved = max(0, own - demand) if quota.flows_to is not None else 0
            count.moved = moved
            count.seats += own - moved
            if quota.flows_to is not None:
                self.counts[programme.programme, quota.flows_to].seats += moved
