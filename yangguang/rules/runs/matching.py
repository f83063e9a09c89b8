"""Student-proposing deferred acceptance with quotas: the published rule that decides every ranked round.

1. Every applicant applies to the first choice.
2. A programme ranks its new applicants together with those it has admitted so far. It fills its quotas in order of
   priority with the best applicants eligible for each, admits them tentatively, and rejects the others for good.
3. Every rejected applicant applies to the next choice. This is repeated until no application is left; the tentative
   admissions are then final.

Unused seats of a quota are lent to the quota it names. A seat counts as unused as long as fewer people eligible for
the quota have reached it than it has seats, so a lent seat returns when its owner applies, and an applicant who was
admitted to it is considered again.

The capacity of a quota only shrinks and its cutoff only rises while more people apply, so an applicant who is rejected
once would be rejected later as well. That is why the order of applications is irrelevant, the procedure ends, the
result is stable, and no applicant does better in another stable result (docs/mechanisms/matching.md has the proofs;
Gale and Shapley 1962; Biró and Kiselgof 2015 for ties that wait; Aygün and Turhan 2020 for seats that move).

Standard library only, Python 3.8 or later: the replay file that the public downloads contains this text unchanged.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

NO_CUTOFF = 2**62
"""The cutoff of a quota that has rejected no tie group."""


class Candidate(NamedTuple):
    """An applicant at one programme.

    Args:
        place: rank at the programme from 1, the smaller the better; equal places only where all ties wait.
        tie_group: best place among all with the same score.
        applicant: number of the applicant.
        quotas: codes of the quotas the applicant is eligible for; none for a choice that takes no part.
    """

    place: int
    tie_group: int
    applicant: int
    quotas: frozenset[str]


class QuotaState:
    """A quota of a programme during the matching.

    Args:
        code: its name within the programme.
        seats: its own seats.
        priority: the quota with the smallest number is filled first.
        flows_to: code of the quota, later in priority, that may use its unused seats; "" if they stay empty.
        ties_wait: applicants with equal scores of whom only some would fit are all rejected.
    """

    def __init__(
        self, code: str, seats: int, priority: int = 1, flows_to: str = "", *, ties_wait: bool = False
    ) -> None:
        self.code, self.seats, self.priority = code, seats, priority
        self.flows_to, self.ties_wait = flows_to, ties_wait
        self.lent = self.borrowed = 0
        self.cutoff = NO_CUTOFF
        self.admitted: list[Candidate] = []  # tentatively, from the best
        self.rejected = 0  # eligible applicants whom the programme has rejected

    @property
    def final_seats(self) -> int:
        """Own seats without those lent, and with those borrowed."""
        return self.seats - self.lent + self.borrowed

    def admit(self, eligible: list[Candidate]) -> None:
        """Admit tentatively as many of `eligible` (sorted from the best) as there are seats."""
        capacity = self.seats + self.borrowed
        self.admitted = eligible[:capacity]
        if self.ties_wait:
            if len(eligible) > capacity:
                self.cutoff = min(self.cutoff, eligible[capacity].tie_group)
            self.admitted = [one for one in self.admitted if one.tie_group < self.cutoff]


class ProgrammeState:
    """A programme during the matching.

    Args:
        cap: most admissions to the whole programme; seats above it are removed from the quota filled last, then from
            the one before it.
    """

    def __init__(self, code: str, quotas: Iterable[QuotaState], cap: int | None = None) -> None:
        self.code = code
        self.quotas = sorted(quotas, key=lambda quota: quota.priority)
        excess = 0 if cap is None else max(0, sum(quota.seats for quota in self.quotas) - cap)
        for quota in reversed(self.quotas):
            removed = min(excess, quota.seats)
            quota.seats, excess = quota.seats - removed, excess - removed
        self.consider([])

    def consider(self, applications: list[Candidate]) -> list[Candidate]:
        """Decide about new applications together with all tentative admissions; returns whom the programme rejects."""
        remaining = sorted(applications + [one for quota in self.quotas for one in quota.admitted])
        borrowed: dict[str, int] = defaultdict(int)
        for quota in self.quotas:
            eligible = [one for one in remaining if quota.code in one.quotas]
            quota.borrowed = borrowed[quota.code]
            quota.admit(eligible)
            if quota.flows_to:
                quota.lent = max(0, quota.seats - quota.rejected - len(eligible))
                borrowed[quota.flows_to] += quota.lent
            admitted = {one.applicant for one in quota.admitted}
            remaining = [one for one in remaining if one.applicant not in admitted]
        for quota in self.quotas:
            quota.rejected += sum(quota.code in one.quotas for one in remaining)
        return remaining


class Market:
    """All programmes and applicants of a round; the choices of applicant i are first[i] to first[i + 1] − 1."""

    def __init__(self, programmes: Iterable[ProgrammeState]) -> None:
        self.programmes = list(programmes)
        self.names: list[str] = []
        self.first = array("q", [0])
        self.programme, self.place, self.tie_group = array("i"), array("q"), array("q")
        self.quotas: list[frozenset[str]] = []

    def add_applicant(self, name: str, choices: Iterable[tuple[int, int, int, frozenset[str]]]) -> None:
        """Add an applicant; a choice is (number of the programme, place, tie group, codes of eligible quotas)."""
        self.names.append(name)
        for programme, place, tie_group, quotas in choices:
            self.programme.append(programme)
            self.place.append(place)
            self.tie_group.append(tie_group)
            self.quotas.append(quotas)
        self.first.append(len(self.programme))

    def rounds(self) -> Iterator[tuple[list[tuple[int, int]], list[tuple[int, int]]]]:
        """Run the matching; yields the applications and the rejections of each round, as pairs of
        applicant and programme by their numbers."""
        position = array("q", self.first[:-1])
        applying = list(range(len(self.names)))
        while applying:
            applications: dict[int, list[Candidate]] = defaultdict(list)
            for applicant in applying:
                at = position[applicant]
                if at < self.first[applicant + 1]:
                    one = Candidate(self.place[at], self.tie_group[at], applicant, self.quotas[at])
                    applications[self.programme[at]].append(one)
            applied, rejected = [], []
            for number, candidates in sorted(applications.items()):
                applied += [(one.applicant, number) for one in candidates]
                rejected += [(one.applicant, number) for one in self.programmes[number].consider(candidates)]
            applying = [applicant for applicant, _ in rejected]
            for applicant in applying:
                position[applicant] += 1
            if applied:
                yield applied, rejected

    def run(self) -> int:
        """Run the matching to its end; returns the number of rounds."""
        return sum(1 for _ in self.rounds())

    def admissions(self) -> dict[int, tuple[int, str]]:
        """Applicant to (number of the programme, code of the quota), as admitted at the moment."""
        return {
            one.applicant: (number, quota.code)
            for number, programme in enumerate(self.programmes)
            for quota in programme.quotas
            for one in quota.admitted
        }
