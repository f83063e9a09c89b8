"""Rounds for a bureau: how far each is, and whether the bureau governs all of its schools. (F-D1, F-D2, F-D5)"""

from typing import NamedTuple
from uuid import UUID

from django.db.models import Sum

from yangguang.models import AdmissionRun, LotterySeed, Plan, Round, Season, Unit
from yangguang.models.base.scoping import letter_of
from yangguang.postgres.sql import Row, fetch_all
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import NotFound
from yangguang.rules.runs.matching_types import Barred
from yangguang.rules.runs.run_states import PUBLISHED, TRANSITIONS


class RoundState(NamedTuple):
    """A round and its facts: programmes and seats it was opened with, admissions so far, its newest official run.

    `facts.dedicated` of the seats are of dedicated classes; the public numbers leave them out.
    """

    round: Round
    facts: Row

    @property
    def run_label(self) -> str:
        return TRANSITIONS.states.get(self.facts.run, "")


_STATES = """
SELECT r.id, coalesce(l.programmes, 0) AS programmes, coalesce(l.seats, 0) AS seats,
       coalesce(l.dedicated, 0) AS dedicated, coalesce(n.state, '') AS run, n.number AS run_number,
       (SELECT count(*) FROM yangguang_admission AS a WHERE a.round_id = r.id) AS admitted
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


def list_round_states(season: Season) -> list[RoundState]:
    """Every round of a season in order; two queries."""
    facts = {row.id: row for row in fetch_all(_STATES, (season.pk,))}
    return [RoundState(round, facts[round.pk]) for round in Round.objects.filter(season=season).order_by("number")]


_GOVERNS = """
SELECT EXISTS (SELECT 1 FROM yangguang_roundprogramme WHERE round_id = %(round)s) AND NOT EXISTS (
    SELECT 1 FROM yangguang_roundprogramme AS rl JOIN yangguang_programme AS l ON l.id = rl.programme_id
    JOIN yangguang_plan AS p ON p.id = l.plan_id JOIN yangguang_unit AS u ON u.id = p.school_id
    WHERE rl.round_id = %(round)s AND (u.path NOT LIKE %(path)s OR (%(sector)s <> '' AND u.sector <> %(sector)s))
) AS governs
"""


def governs(by: Actor, round: Round) -> bool:
    """Whether all schools of the round are this bureau's, so that it computes, and reads what is not published."""
    if letter_of(by, Right.ADMISSION_CENTRAL_RUN) == "a":
        return True
    [row] = fetch_all(_GOVERNS, {"round": round.pk, "path": f"{by.path or '-'}%", "sector": by.sector})
    return bool(row.governs)


def count_dedicated_seats(round: Round) -> int:
    """How many of the round's seats are of dedicated classes; the public numbers leave them out."""
    return round.programmes.aggregate(sum=Sum("dedicated"))["sum"] or 0


def list_schools(round: Round) -> list[Unit]:
    """The schools of a round by name: a trial may be of one of them."""
    schools = Plan.objects.filter(programmes__rounds__round=round).values("school")
    return list(Unit.objects.filter(pk__in=schools).only("public_id", "name").order_by("name"))


def get_school(round: Round, public_id: UUID) -> Unit:
    """One of the schools of the round; raises NotFound if it has no programme there."""
    for school in list_schools(round):
        if school.public_id == public_id:
            return school
    raise NotFound("没有找到这所学校", why="它没有计划行参加本批次", now="请从列表中选择")


def find_run(by: Actor, public_id: UUID) -> AdmissionRun | None:
    """A run with its round and officers; an unpublished one only for a bureau that governs the round."""
    people = ("started_by", "proposed_by", "approved_by", "published_by", "school")
    runs = AdmissionRun.objects.defer("snapshot").select_related("round__season", *people)
    run: AdmissionRun | None = runs.filter(public_id=public_id).first()
    return run if run is not None and (run.state == PUBLISHED or governs(by, run.round)) else None


def may_read_ranking(by: Actor, run: AdmissionRun) -> bool:
    """Whether the officer may read rankings and differences of this run; `actions.runs.inspection` checks it again."""
    rows = AdmissionRun.objects.for_actor(by, Right.RUN_READ_RANKING)
    return not run.is_what_if and rows.filter(pk=run.pk).exists()


def count_already_seated(run: AdmissionRun) -> int:
    """How many applicants of a run were not ranked because they have a seat of this year already."""
    return run.placements.filter(codes__0=f"barred:{Barred.HAS_SEAT.value}").count()


def find_seed(round: Round) -> LotterySeed | None:
    """The officers of the lottery seed and its commitment, without the secrets."""
    seeds = LotterySeed.objects.defer("first_secret", "second_secret").select_related("first_by", "second_by")
    seed: LotterySeed | None = seeds.filter(round=round).first()
    return seed
