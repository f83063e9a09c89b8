"""Which programmes must be withheld together with a faulty one, and which may be published. (T1.02)

A programme depends on another one if its list could change once the other is computed again: because an applicant
admitted to it prefers the other and may leave; because an applicant admitted to the other may lose that seat and
would be admitted here; or because an applicant of a tied group that did not fit may move up to the other, so that
the rest of the group fits. All other programmes keep their lists, whatever the result of the rest.
"""

from collections.abc import Iterable

from yangguang.rules.runs.matching_types import Choice
from yangguang.rules.runs.verification_view import VerificationView


def find_dependent_programmes(view: VerificationView, start: Iterable[int]) -> frozenset[int]:
    """`start` and every programme that depends on it, directly or not. Linear in the number of choices."""
    dependents = _find_dependents(view)
    dependent = set(start)
    pending = list(dependent)
    while pending:
        for programme in dependents.get(pending.pop(), ()):
            if programme not in dependent:
                dependent.add(programme)
                pending.append(programme)
    return frozenset(dependent)


def _find_dependents(view: VerificationView) -> dict[int, set[int]]:
    """For each programme the programmes whose list depends on it."""
    dependents: dict[int, set[int]] = {programme: set() for programme in view.programmes}
    cutoffs = _Cutoffs(view)
    seat_of = {seat.number: seat.programme for seat in view.admitted}
    for number, choices in view.applicants:
        own = seat_of.get(number)
        better: list[int] = []
        reached = False
        for choice in choices:
            if choice.programme not in dependents or (choice.barred is not None and choice.programme != own):
                continue
            if reached:
                if own is not None and cutoffs.would_change(choice):
                    dependents[own].add(choice.programme)
                continue
            reached = choice.programme == own
            if reached or cutoffs.is_tied(choice):
                for programme in better:
                    dependents[programme].add(choice.programme)
            better.append(choice.programme)
    return dependents


class _Cutoffs:
    """The end of every quota: its last admission, and the tied group for which its empty seats do not suffice."""

    def __init__(self, view: VerificationView) -> None:
        self.view = view
        self.last = {key: count.last() for key, count in view.counts.items()}
        self.tied: dict[tuple[int, str], tuple[int, ...]] = {}
        for key, count in view.counts.items():
            first = count.first_waiting() if len(count.admitted) < count.seats else None
            if first is not None:
                self.tied[key] = first[1].score

    def _keys(self, choice: Choice) -> list[tuple[int, str]]:
        return [(choice.programme, b.code) for b in self.view.order[choice.programme] if b.code in choice.quotas]

    def is_tied(self, choice: Choice) -> bool:
        """Whether the applicant belongs to a tied group that did not fit."""
        return any(self.tied.get(key) == choice.score for key in self._keys(choice))

    def would_change(self, choice: Choice) -> bool:
        """Whether the applicant, applying again, would be admitted or change the admissions."""
        for key in self._keys(choice):
            count, end = self.view.counts[key], self.last[key]
            if count.moved or len(count.admitted) < count.seats:
                return True
            if end is not None and not count.ahead(end[1], choice):
                return True
        return False
