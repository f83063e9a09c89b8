"""Opening a round: its terms are fixed, and the seats left at that instant go in. (S24-2.05, R3.02, R3.06)"""

from collections.abc import Sequence
from datetime import datetime

from yangguang.actions.base.action import dual_action, update_versioned
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import Round, Season
from yangguang.postgres.sql import execute, fetch_one
from yangguang.queries.runs.round_transitions import require_not_open, require_settled
from yangguang.queries.supervision.sanctions import effects_in_force
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.applicants.origins import Origin
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.seasons.rounds import RANKING, RoundKind, Silence

# A programme takes part when its plan is public, its type is the round's, an origin of the round may choose it,
# and seats are left for which nobody waits in an earlier round; a programme held back is kept for a round by rank.
# Locks are taken in the order of the programmes.
_FILL = """
WITH seats AS (
    SELECT b.programme_id, b.code, b.seats - b.taken AS free
    FROM yangguang_quota b
    JOIN yangguang_programme l ON l.id = b.programme_id
    JOIN yangguang_plan p ON p.id = l.plan_id
    WHERE p.season_id = %(season)s AND p.state = 'PUBLISHED' AND l.programme_type = ANY(%(programme_types)s)
      AND (cardinality(%(origins)s::text[]) = 0 OR l.origins::text[] && %(origins)s::text[])
      AND p.school_id <> ALL(%(stopped)s::bigint[])
      AND NOT EXISTS (SELECT 1 FROM yangguang_waitingplace w WHERE w.programme_id = l.id AND w.kind = b.code)
      AND (%(by_rank)s OR NOT EXISTS (
          SELECT FROM yangguang_roundprogramme h WHERE h.programme_id = l.id AND h.held_back))
    ORDER BY b.id FOR UPDATE OF b
)
INSERT INTO yangguang_roundprogramme (round_id, programme_id, seats, dedicated)
SELECT %(round)s, programme_id, sum(free), coalesce(sum(free) FILTER (WHERE code = 'dedicated'), 0)
FROM seats GROUP BY programme_id HAVING sum(free) > 0
ORDER BY programme_id
"""
_COUNT = "SELECT count(*), coalesce(sum(seats), 0) FROM yangguang_roundprogramme WHERE round_id = %s"


@dual_action("round.open", Right.ROUND_WINDOW_SET)
def open_round(
    entry: AuditRecord,
    *,
    by: Actor,
    season: Season,
    number: int,
    name: str = "",
    kind: RoundKind | None = None,
    programme_types: Sequence[ProgrammeType] | None = None,
    origins: Sequence[Origin] | None = None,
    max_choices: int | None = None,
    max_majors_per_school: int | None = None,
    silence: Silence | None = None,
    keeps_waiting_list: bool | None = None,
) -> Round:
    """Open the round `number` of the season; what is not given stays as it was planned with the season.

    Args:
        origins: who may join; empty is everyone. programme_types: which programmes take part.

    Raises:
        IllegalMove: it is open already; its programmes and seats are fixed.
        Refused: an earlier round has not said yet who is without a seat (for a supplementary round); name, kind or
            programme_types are missing for a round that was never planned; or nothing is on offer.
    """
    Season.objects.select_for_update().get(pk=season.pk)
    terms = {
        "name": name.strip()[:40] or None,
        "kind": kind and kind.value,
        "programme_types": None
        if programme_types is None
        else [programme_type.value for programme_type in programme_types],
        "origins": None if origins is None else [origin.value for origin in origins],
        "max_choices": max_choices,
        "max_majors_per_school": max_majors_per_school,
        "silence": silence and silence.value,
        "keeps_waiting_list": keeps_waiting_list,
    }
    given: dict[str, object] = {field: value for field, value in terms.items() if value is not None}
    round = _planned(season, number, given)
    require_settled(round, str(given.get("kind", round.kind)))
    update_versioned(round, opened_at=entry.at, **given)
    _fill(entry, round)
    counted = fetch_one(_COUNT, (round.pk,))
    assert counted is not None
    if not counted[0]:
        raise Refused(f"“{round.name}”没有一行可以招生的计划", now="请先公布招生计划，或核对培养类型")
    entry.set_subject(round)
    entry.add_facts(number=number, programmes=counted[0], seats=int(counted[1]), version=round.version)
    return round


@open_round.preflight
def _(at: datetime, *, by: Actor, season: Season, number: int, kind: RoundKind | None = None, **terms: object) -> None:
    round = Round.objects.filter(season=season, number=number).first()
    if round is not None:
        require_not_open(round)
        require_settled(round, kind.value if kind else round.kind)


def _fill(entry: AuditRecord, round: Round) -> None:
    """Put in the programmes that take part, with the seats they have left now; one statement."""
    stopped = [unit for unit, held in effects_in_force(entry.at).items() if not held.takes_new]
    execute(
        _FILL,
        {
            "season": round.season_id,
            "round": round.pk,
            "programme_types": round.programme_types,
            "origins": round.origins,
            "stopped": stopped,
            "by_rank": round.kind in RANKING,
        },
    )


def _planned(season: Season, number: int, given: dict[str, object]) -> Round:
    """The season's round of this number, newly made when the season was loaded without it."""
    round = Round.objects.filter(season=season, number=number).first()
    if round is not None:
        require_not_open(round)
    else:
        if missing := [word for field, word in _NEEDED if not given.get(field)]:
            raise Refused(f"没有填写{'、'.join(missing)}", now="请补全后再开设批次")
        round = Round.objects.create(season=season, number=number, version=0, **given)
    return round


_NEEDED = (("name", "批次名称"), ("kind", "录取方式"), ("programme_types", "培养类型"))
