"""Rounds as a bureau sees them: how far each has come, and whether this bureau governs all of its schools.
(F-D1, F-D2, F-D5)
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Sum

from yangguang.models import AdmissionRun, LotterySeed, Plan, Round, RoundProgramme, Season, Unit
from yangguang.models.base.scoping import letter_of
from yangguang.postgres.sql import fetch_all, fetch_one
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import NotFound
from yangguang.rules.runs.matching_types import Barred
from yangguang.rules.runs.run_states import TRANSITIONS


@dataclass(frozen=True, slots=True)
class RoundState:
    """One round in the list: programmes and seats it was opened with, admissions so far, its newest official run.

    Args:
        dedicated: how many of the seats are of dedicated classes; the public numbers leave them out.
    """

    round: Round
    programmes: int
    seats: int
    dedicated: int
    admitted: int
    run: str
    run_number: int | None

    @property
    def run_says(self) -> str:
        return TRANSITIONS.states.get(self.run, "")


_STATES = """
SELECT r.id, coalesce(l.programmes, 0), coalesce(l.seats, 0), coalesce(l.dedicated, 0),
       (SELECT count(*) FROM yangguang_admission AS a WHERE a.round_id = r.id), coalesce(n.state, ''), n.number
FROM yangguang_round AS r
LEFT JOIN LATERAL (
    SELECT count(*)::int AS programmes, sum(seats)::int AS seats, sum(dedicated)::int AS dedicated
    FROM yangguang_roundprogramme WHERE round_id = r.id
) AS l ON true
LEFT JOIN LATERAL (
    SELECT state, number FROM yangguang_admissionrun WHERE round_id = r.id AND NOT is_what_if
    ORDER BY number DESC LIMIT 1
) AS n ON true
WHERE r.season_id = %s
"""


def states(season: Season) -> list[RoundState]:
    """Every round of a season in order; two queries."""
    facts: dict[int, tuple[Any, ...]] = {row[0]: row[1:] for row in fetch_all(_STATES, (season.pk,))}
    rounds = Round.objects.filter(season=season).order_by("number")
    return [RoundState(round, *facts[round.pk]) for round in rounds]


_OUTSIDE = """
SELECT EXISTS (SELECT 1 FROM yangguang_roundprogramme WHERE round_id = %(round)s), EXISTS (
    SELECT 1 FROM yangguang_roundprogramme AS rl JOIN yangguang_programme AS l ON l.id = rl.programme_id
    JOIN yangguang_plan AS p ON p.id = l.plan_id JOIN yangguang_unit AS u ON u.id = p.school_id
    WHERE rl.round_id = %(round)s AND (u.path NOT LIKE %(path)s OR (%(programme)s <> '' AND u.sector <> %(programme)s))
)
"""


def governs(by: Actor, round: Round) -> bool:
    """Whether every school of the round is this bureau's: only then it computes, and sees what is not published."""
    if letter_of(by, Right.ADMISSION_CENTRAL_RUN) == "a":
        return True
    row = fetch_one(_OUTSIDE, {"round": round.pk, "path": f"{by.path or '-'}%", "programme": by.sector})
    assert row is not None
    return bool(row[0]) and not row[1]


def dedicated_seats(round: Round) -> int:
    """How many of the round's seats are of dedicated classes; the public numbers leave them out."""
    return int(RoundProgramme.objects.filter(round=round).aggregate(sum=Sum("dedicated"))["sum"] or 0)


def schools_of(round: Round) -> list[Unit]:
    """The schools of a round by name: a trial may be of one of them."""
    mine = Plan.objects.filter(programmes__rounds__round=round).values("school")
    return list(Unit.objects.filter(pk__in=mine).only("public_id", "name").order_by("name"))


def school_of(round: Round, public_id: UUID) -> Unit:
    """One of them.

    Raises:
        NotFound: the round has no programme of this school.
    """
    found = next((school for school in schools_of(round) if school.public_id == public_id), None)
    if found is None:
        raise NotFound("没有找到这所学校", why="它没有计划行参加本批次", now="请从列表中选择")
    return found


def run_named(by: Actor, public_id: UUID) -> AdmissionRun | None:
    """One run with its round and its people; one that is not published only for whoever governs the round."""
    found: AdmissionRun | None = (
        AdmissionRun.objects.defer("snapshot")
        .select_related("round__season", "started_by", "proposed_by", "approved_by", "published_by", "school")
        .filter(public_id=public_id)
        .first()
    )
    if found is None or (found.state != "PUBLISHED" and not governs(by, found.round)):
        return None
    return found


def may_read_ranking(by: Actor, run: AdmissionRun) -> bool:
    """Whether rankings and differences of this run open for the officer, as `actions.runs.inspection` will ask again.

    A bureau reads them when every school of the round is its own, a provincial one always; a trial has none.
    """
    rows = AdmissionRun.objects.for_actor(by, Right.RUN_READ_RANKING)
    return not run.is_what_if and bool(rows.filter(pk=run.pk).exists())


_SEATED = """
SELECT count(*) FROM yangguang_placement WHERE run_id = %s AND codes[1] = %s
"""


def left_out_as_seated(run: AdmissionRun) -> int:
    """How many of those taking part in a run were not ranked, because they hold a seat of this year already."""
    row = fetch_one(_SEATED, (run.pk, f"barred:{Barred.HAS_SEAT.value}"))
    return int(row[0]) if row else 0


def seed_of(round: Round) -> LotterySeed | None:
    """Who gave a part of the lottery seed, and the commitment; never the secrets."""
    found: LotterySeed | None = (
        LotterySeed.objects.defer("first_secret", "second_secret")
        .filter(round=round)
        .select_related("first_by", "second_by")
        .first()
    )
    return found
