"""Rows of small rounds, for the tests of ranking, matching and results."""

from collections.abc import Sequence

from yangguang.rules.plans.quotas import Mode, ProgrammeSeats, Quota, Tie
from yangguang.rules.runs.matching_types import Applicant, Choice, Outcome

Instance = tuple[list[Applicant], list[ProgrammeSeats]]


def seats_of(outcome: Outcome) -> dict[str, tuple[int, str] | None]:
    return {
        row.number: None if row.programme is None or row.quota is None else (row.programme, row.quota)
        for row in outcome.placements
    }


def plain(programme: int, seats: int, tie: Tie = Tie.LOTTERY, cap: int | None = None) -> ProgrammeSeats:
    return ProgrammeSeats(programme, (Quota("普通", seats, Mode.AT_LEAST, 1, None, tie),), cap)


def reserved(local: int, general: int, *, flows: bool = True, tie: Tie = Tie.LOTTERY) -> ProgrammeSeats:
    return ProgrammeSeats(
        1,
        (
            Quota("普通", general, Mode.AT_LEAST, 2, None, tie),
            Quota("本市", local, Mode.AT_LEAST, 1, "普通" if flows else None, tie),
        ),
    )


def person(
    number: str, score: int, *programmes: int, quotas: Sequence[str] = ("普通",), barred: str | None = None
) -> Applicant:
    """Each applicant's draw is the own number here, so that N1 comes before N2."""
    return Applicant(
        number, tuple(Choice(programme, (score,), number, tuple(quotas), barred) for programme in programmes)
    )
