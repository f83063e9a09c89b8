"""A ranked round from scores to results: everyone's placement, with a reason for every choice. (R3.03, R3.07)

The matching itself is `rules.runs.matching`; this module ranks the choices for it and explains its result.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from yangguang.rules.plans.quotas import ProgrammeSeats
from yangguang.rules.runs.matching import Market
from yangguang.rules.runs.matching_types import Applicant, Barred, Cutoff, Flow, Outcome, Placement, Reason, ReasonCode
from yangguang.rules.runs.memory import collector_paused
from yangguang.rules.runs.ranking import build_market, sort_programmes


@collector_paused()
def match_round(applicants: Iterable[Applicant], programmes: Iterable[ProgrammeSeats]) -> Outcome:
    """Place every applicant. The order of the input does not matter.

    Args:
        applicants: each number once; choices in order, each programme at most once.
        programmes: all programmes of the round.

    Raises:
        Refused: input that makes no sense, see `ranking.build_market` and `ranking.sort_programmes`.
    """
    people, seats = list(applicants), sort_programmes(programmes)
    market = build_market(people, seats)
    market.run()
    return explain_round(people, seats, market)


def explain_round(applicants: Sequence[Applicant], programmes: Sequence[ProgrammeSeats], market: Market) -> Outcome:
    """The outcome of a market at the end of its matching, built from these rows by `ranking.build_market`."""
    return _Results(applicants, programmes, market).outcome()


class _View(NamedTuple):
    """What an applicant sees of a programme through the eligible quotas; `tied` are groups that did not fit."""

    seats: int
    last_place: int | None
    last_score: tuple[int, ...] | None
    tied: frozenset[int]


class _Results:
    """The end of a matching in the rows of the input."""

    def __init__(self, applicants: Sequence[Applicant], programmes: Sequence[ProgrammeSeats], market: Market) -> None:
        self.applicants, self.programmes, self.market = applicants, programmes, market
        self.admissions = market.admissions()
        self.eligible: Counter[tuple[int, str]] = Counter()
        for (at, quotas), number in Counter(zip(market.programme, market.quotas, strict=True)).items():
            self.eligible.update({(at, code): number for code in quotas})
        self.cutoffs = [list(self._list_cutoffs(at)) for at in range(len(programmes))]
        self.views: dict[tuple[int, frozenset[str]], _View] = {}

    def outcome(self) -> Outcome:
        """All rows, sorted by number of the applicant, and by programme and priority."""
        order = sorted(range(len(self.applicants)), key=self.market.names.__getitem__)
        flows = (
            Flow(programme.programme, quota.code, quota.flows_to, quota.lent)
            for programme, state in zip(self.programmes, self.market.programmes, strict=True)
            for quota in state.quotas
            if quota.lent
        )
        return Outcome(tuple(map(self._place, order)), tuple(chain.from_iterable(self.cutoffs)), tuple(flows))

    def _list_cutoffs(self, at: int) -> Iterator[Cutoff]:
        programme = self.programmes[at].programme
        for quota in self.market.programmes[at].quotas:
            place = score = None
            if quota.admitted:
                place, _, applicant, _ = quota.admitted[-1]
                choices = self.applicants[applicant].choices
                score = next(choice.score for choice in choices if choice.programme == programme)
            applicants = self.eligible[at, quota.code]
            yield Cutoff(programme, quota.code, quota.final_seats, len(quota.admitted), applicants, place, score)

    def _place(self, applicant: int) -> Placement:
        """The placement of one applicant, with a reason for every choice."""
        number, choices = self.applicants[applicant]
        programme, code = self.admissions.get(applicant, (None, None))
        rank: int | None = None
        reasons: list[Reason] = []
        for slot, choice in enumerate(choices, self.market.first[applicant]):
            at, quotas = self.market.programme[slot], self.market.quotas[slot]
            view = self._view(at, quotas)
            place: int | None = self.market.place[slot]
            barred: str | None = None
            if not quotas:
                reason, place, barred = ReasonCode.BARRED, None, choice.barred or Barred.NO_QUOTA.value
            elif rank is not None:
                reason = ReasonCode.HIGHER_CHOICE_ADMITTED
            elif at == programme:
                reason, rank = ReasonCode.ADMITTED, len(reasons) + 1
            else:
                reason = _explain_rejection(view, self.market.tie_group[slot])
            reasons.append(Reason(len(reasons) + 1, choice.programme, reason, place, *view[:3], barred))
        own = None if programme is None else self.programmes[programme].programme
        return Placement(number, rank, own, code, tuple(reasons))

    def _view(self, at: int, quotas: frozenset[str]) -> _View:
        """The view through `quotas`; through all quotas of the programme where there are none."""
        if (at, quotas) not in self.views:
            pairs = zip(self.cutoffs[at], self.market.programmes[at].quotas, strict=True)
            seen = [(cutoff, state) for cutoff, state in pairs if not quotas or state.code in quotas]
            last = max((one for one, _ in seen if one.last_place), key=_last_place, default=None)
            self.views[at, quotas] = _View(
                sum(cutoff.seats for cutoff, _ in seen),
                last and last.last_place,
                last and last.last_score,
                frozenset(state.cutoff for cutoff, state in seen if cutoff.admitted < cutoff.seats),
            )
        return self.views[at, quotas]


def _last_place(cutoff: Cutoff) -> int:
    return cutoff.last_place or 0


def _explain_rejection(view: _View, tie_group: int) -> ReasonCode:
    """Seats that stay empty although this applicant was rejected can only mean a tied group that did not fit."""
    if view.seats == 0:
        return ReasonCode.NO_SEATS
    return ReasonCode.TIED_AT_CUTOFF if tie_group in view.tied else ReasonCode.OUTRANKED
