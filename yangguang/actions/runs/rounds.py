"""Opening a round fixes its terms, and adds the seats that are left at that instant. (S24-2.05, R3.02, R3.06)"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

from yangguang.actions.base.action import dual_action, update_versioned
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import Round, Season
from yangguang.postgres.sql import execute, fetch_all
from yangguang.queries.plans.programme_types import require_types_of_year
from yangguang.queries.runs.round_terms import read_terms
from yangguang.queries.runs.transitions import require_earlier_published, require_main_round_allowed, require_unopened
from yangguang.queries.supervision.sanctions import effects_in_force
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.applicants.origins import Origin
from yangguang.rules.base.free_text import check_length
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.runs.rounds import RANKING, RoundKind

# A programme takes part when its plan is public, its type is the round's, an origin of the round may choose it, and
# seats are left for which no one waits in an earlier round; a withheld programme takes part in rounds by rank only.
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
          SELECT FROM yangguang_roundprogramme h WHERE h.programme_id = l.id AND h.withheld))
    ORDER BY b.id FOR UPDATE OF b
)
INSERT INTO yangguang_roundprogramme (round_id, programme_id, seats, dedicated)
SELECT %(round)s, programme_id, sum(free), coalesce(sum(free) FILTER (WHERE code = 'dedicated'), 0)
FROM seats GROUP BY programme_id HAVING sum(free) > 0
ORDER BY programme_id
"""
_COUNT = """
SELECT count(*) AS programmes, coalesce(sum(seats), 0) AS seats FROM yangguang_roundprogramme WHERE round_id = %s
"""


class RoundTerms(TypedDict, total=False):
    """The terms of a round: `origins` may join (all if empty), programmes of `programme_types` take part."""

    name: str
    kind: RoundKind
    programme_types: Sequence[ProgrammeType]
    origins: Sequence[Origin]
    keeps_waiting_list: bool


@dual_action("round.open", Right.ROUND_WINDOW_SET, replaces=("season", "number"))
def open_round(entry: AuditRecord, *, by: Actor, season: Season, number: int, **terms: Unpack[RoundTerms]) -> Round:
    """Open the round `number` of the season; a term that is not given stays as it was planned with the season.

    What the rules decide (`queries.runs.round_terms`) is fixed as it is in force now.

    Raises:
        IllegalMove: it is open already; its programmes and seats are fixed.
        Refused: an earlier round is not published (for a supplementary round); name, kind or programme types are
            missing for a round that was not planned; a programme type is none of the intake year; or no programme
            has seats.
    """
    Season.objects.select_for_update().get(pk=season.pk)
    given: dict[str, Any] = dict(terms)
    given |= {field: list(given[field]) for field in _LISTS if field in given}
    if "name" in given:
        given["name"] = check_length(given["name"].strip(), 40, where="批次名称")
    round = _get_or_create(season, number, given)
    require_types_of_year(given.get("programme_types", round.programme_types), season.year, entry.at)
    kind = RoundKind(given.get("kind", round.kind))
    require_earlier_published(round, kind)
    require_main_round_allowed(round, kind, entry.at)
    update_versioned(round, opened_at=entry.at, **given, **read_terms(kind, entry.at))
    _add_programmes(entry, round)
    [counted] = fetch_all(_COUNT, (round.pk,))
    if not counted.programmes:
        raise Refused(f"“{round.name}”没有一行可以招生的计划", now="请先公布招生计划，或核对培养类型")
    entry.set_subject(round)
    entry.add_facts(number=number, programmes=counted.programmes, seats=int(counted.seats), version=round.version)
    return round


@open_round.preflight
def _(at: datetime, *, by: Actor, season: Season, number: int, **terms: Unpack[RoundTerms]) -> None:
    round = Round.objects.filter(season=season, number=number).first()
    if round is not None:
        require_unopened(round)
        require_types_of_year(terms.get("programme_types", round.programme_types), season.year, at)
        require_earlier_published(round, terms.get("kind", round.kind))
        require_main_round_allowed(round, terms.get("kind", round.kind), at)


_LISTS = ("programme_types", "origins")
_REQUIRED = (("name", "批次名称"), ("kind", "录取方式"), ("programme_types", "培养类型"))


def _get_or_create(season: Season, number: int, given: dict[str, object]) -> Round:
    """The season's round of this number; created if the season was loaded without it."""
    round = Round.objects.filter(season=season, number=number).first()
    if round is not None:
        require_unopened(round)
        return round
    if missing := [label for field, label in _REQUIRED if not given.get(field)]:
        raise Refused(f"没有填写{'、'.join(missing)}", now="请补全后再开设批次")
    return Round.objects.create(season=season, number=number, version=0, **given)


def _add_programmes(entry: AuditRecord, round: Round) -> None:
    """Add the programmes that take part, with the seats they have left now."""
    effects = effects_in_force(entry.at).items()
    params = {
        "season": round.season_id,
        "round": round.pk,
        "programme_types": round.programme_types,
        "origins": round.origins,
        "stopped": [unit for unit, effect in effects if not effect.takes_new],
        "by_rank": round.kind in RANKING,
    }
    execute(_FILL, params)
