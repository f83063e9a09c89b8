"""Which waiting applicants are offered the free seats: the matching of a run, applied to the free seats. (F-D8)

The order is that of the published run, never first come, first served. Under ALL_WAIT a tied group is offered seats
together or not at all. A round makes at most one offer to an applicant, and none below a seat the applicant has.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from yangguang.rules.plans.quotas import Mode, ProgrammeSeats, Quota, Tie
from yangguang.rules.runs.eligibility import share_cap
from yangguang.rules.runs.matching_types import Applicant, Barred, Choice
from yangguang.rules.runs.ranked_round import match_round
from yangguang.rules.runs.verification import verify


@dataclass(frozen=True, slots=True)
class WaitingChoice:
    """One choice on a waiting list.

    Args:
        number: 报名号.
        rank: of the choice.
        programme: row id.
        kind: code of the quota open to the person.
        place: in the published run.
        score: of the published run; neighbours of equal score are one tied group.
        quarantined: the person is in an open identity case and is passed over for now.
    """

    number: str
    rank: int
    programme: int
    kind: str
    place: int
    score: tuple[int, ...]
    quarantined: bool


@dataclass(frozen=True, slots=True)
class FreeSeats:
    """Free seats in the quota `kind` of a programme (row id, and its `code`) at a school (row id)."""

    programme: int
    code: str
    school: int
    kind: str
    seats: int
    tie: Tie


def choose_offers(
    waiting: Sequence[WaitingChoice], free: Sequence[FreeSeats], caps: Mapping[int, int]
) -> list[WaitingChoice]:
    """The choices that are offered a seat now, by 报名号.

    Args:
        waiting: every waiting choice, in any order.
        free: one item for each quota with free seats.
        caps: school to the number it may still admit, for schools under a cap; 0 for a stopped school.
    Raises:
        RuntimeError: the verifier, which is independent code, found a violation; nothing may be offered.
    """
    programmes = _build_programmes(free, caps)
    known = {programme.programme for programme in programmes}
    eligible = [choice for choice in waiting if choice.programme in known]
    applicants = list(_build_applicants(eligible))
    placements = match_round(applicants, programmes).placements
    report = verify(applicants, programmes, placements)
    if not report.is_valid:
        raise RuntimeError(f"offers violate a property: {report.violations[0].sentence}")
    placed = {(row.number, row.programme) for row in placements if row.programme is not None}
    return sorted((c for c in eligible if (c.number, c.programme) in placed), key=attrgetter("number"))


def _build_programmes(free: Sequence[FreeSeats], caps: Mapping[int, int]) -> list[ProgrammeSeats]:
    shares = _share_caps(free, caps)
    programmes = []
    by_programme = sorted(free, key=attrgetter("programme", "kind"))
    for programme, rows in groupby(by_programme, key=attrgetter("programme")):
        quotas = tuple(
            Quota(row.kind, row.seats, Mode.EXACTLY, priority, None, row.tie) for priority, row in enumerate(rows, 1)
        )
        share = shares.get(programme)
        if share != 0:
            programmes.append(ProgrammeSeats(programme, quotas, share))
    return programmes


def _share_caps(free: Sequence[FreeSeats], caps: Mapping[int, int]) -> dict[int, int]:
    """Programme to its share of what its school may still admit."""
    shares: dict[int, int] = {}
    programmes = {row.code: row.programme for row in free}
    for school, cap in caps.items():
        seats: dict[str, int] = {}
        for row in free:
            if row.school == school:
                seats[row.code] = seats.get(row.code, 0) + row.seats
        shares |= {programmes[code]: share for code, share in share_cap(cap, seats).items()}
    return shares


def _build_applicants(waiting: Sequence[WaitingChoice]) -> Iterable[Applicant]:
    """Applicants in the run's order: tied groups become scores, places become lottery draws."""
    groups = _number_tied_groups(waiting)
    by_applicant = sorted(waiting, key=attrgetter("number", "rank"))
    for number, rows in groupby(by_applicant, key=attrgetter("number")):
        choices = []
        for row in rows:
            score = (-groups[number, row.programme],)
            barred = Barred.QUARANTINE.value if row.quarantined else None
            choices.append(Choice(row.programme, score, f"{row.place:09d}", (row.kind,), barred))
        yield Applicant(number, tuple(choices))


def _number_tied_groups(waiting: Collection[WaitingChoice]) -> dict[tuple[str, int], int]:
    """(报名号, programme) to the number of its tied group within the programme, 1 for the best."""
    groups: dict[tuple[str, int], int] = {}
    by_place = sorted(waiting, key=attrgetter("programme", "place", "number"))
    for programme, rows in groupby(by_place, key=attrgetter("programme")):
        group, last_score = 0, None
        for row in rows:
            group += row.score != last_score
            last_score = row.score
            groups[row.number, programme] = group
    return groups
