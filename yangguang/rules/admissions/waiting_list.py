"""Who of those waiting is offered a freed seat: the same matching as a run, on the seats that are free now. (F-D8)

Never first come, first served: the order is that of the published run. Under ALL_WAIT a tied group is offered
seats together or not at all. Nobody gets two offers from one run, and nobody a later choice than a held one.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from yangguang.rules.plans.quotas import Mode, ProgrammeSeats, Quota, Tie
from yangguang.rules.runs.eligibility import shared_out
from yangguang.rules.runs.matching_types import Applicant, Barred, Choice
from yangguang.rules.runs.ranked_round import match_round
from yangguang.rules.runs.verification import verify


@dataclass(frozen=True, slots=True)
class Waiting:
    """One choice somebody waits for.

    Args:
        number: 报名号. rank: of the choice. line: the programme. kind: of the seats open to the person.
        place: in the published run. score: as the run saw it; equal ones are one tied group.
        quarantined: the person is in an open identity case and is passed over for now.
    """

    number: str
    rank: int
    line: int
    kind: str
    place: int
    score: tuple[int, ...]
    quarantined: bool


@dataclass(frozen=True, slots=True)
class Free:
    """Free seats of one kind in one line (`code`) of one school."""

    line: int
    code: str
    school: int
    kind: str
    seats: int
    tie: Tie


def choose(waiting: Sequence[Waiting], free: Sequence[Free], room: Mapping[int, int]) -> list[Waiting]:
    """The choices that are offered now, by 报名号.

    Args:
        waiting: every choice waited for, in any order.
        free: the seats; a kind of a line once.
        room: school to how many it may still take, for schools under a cap; 0 for a stopped one.
    Raises:
        RuntimeError: the verifier, which is other code, found a broken promise; nothing may be offered.
    """
    lines = _lines(free, room)
    known = {line.programme for line in lines}
    asked = [one for one in waiting if one.line in known]
    applicants = list(_applicants(asked))
    outcome = match_round(applicants, lines)
    report = verify(applicants, lines, outcome.placements)
    if not report.is_valid:
        raise RuntimeError(f"offers break a promise: {report.violations[0].sentence}")
    got = {(row.number, row.programme) for row in outcome.placements if row.programme is not None}
    return sorted((w for w in asked if (w.number, w.line) in got), key=lambda w: w.number)


def _lines(free: Sequence[Free], room: Mapping[int, int]) -> list[ProgrammeSeats]:
    caps = _caps(free, room)
    lines = []
    for line, rows in groupby(sorted(free, key=lambda f: (f.line, f.kind)), key=lambda f: f.line):
        quotas = tuple(
            Quota(one.kind, one.seats, Mode.EXACTLY, nth, None, one.tie) for nth, one in enumerate(rows, 1)
        )
        cap = caps.get(line)
        if cap != 0:
            lines.append(ProgrammeSeats(line, quotas, cap))
    return lines


def _caps(free: Sequence[Free], room: Mapping[int, int]) -> dict[int, int]:
    """Line to its share of what its school may still take."""
    shares: dict[int, int] = {}
    lines = {one.code: one.line for one in free}
    for school, left in room.items():
        seats: dict[str, int] = {}
        for one in free:
            if one.school == school:
                seats[one.code] = seats.get(one.code, 0) + one.seats
        shares |= {lines[code]: share for code, share in shared_out(left, seats).items()}
    return shares


def _applicants(waiting: Sequence[Waiting]) -> Iterable[Applicant]:
    """The run's order carried over: its tied groups as scores, its places as draws."""
    groups = _groups(waiting)
    for number, rows in groupby(sorted(waiting, key=lambda w: (w.number, w.rank)), key=lambda w: w.number):
        wishes = (
            Choice(
                one.line, (-groups[one.number, one.line],), f"{one.place:09d}", (one.kind,),
                Barred.QUARANTINE.value if one.quarantined else None,
            )
            for one in rows
        )  # fmt: skip
        yield Applicant(number, tuple(wishes))


def _groups(waiting: Collection[Waiting]) -> dict[tuple[str, int], int]:
    """The tied group of each choice within its line, 1 for the best; neighbours of equal score share one."""
    groups: dict[tuple[str, int], int] = {}
    by_place = sorted(waiting, key=lambda w: (w.line, w.place, w.number))
    for line, rows in groupby(by_place, key=lambda w: w.line):
        group, last = 0, None
        for one in rows:
            group += one.score != last
            last = one.score
            groups[one.number, line] = group
    return groups
