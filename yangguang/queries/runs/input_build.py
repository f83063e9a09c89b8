"""The input of a run read from the database: programmes with the seats that are free now, and every choice in force."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from yangguang.engine.tsv_reader import as_text
from yangguang.models import Round, Unit
from yangguang.postgres.copy import copy_out_text
from yangguang.postgres.sql import SORT_IN_MEMORY, fetch_all
from yangguang.queries.runs.input_columns import spell_people
from yangguang.queries.runs.input_format import FrozenProgramme, spell
from yangguang.queries.supervision.admission_limits import dedicated_pupils, school_limits
from yangguang.rules.applicants.origins import StudyForm
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.plans.quotas import Mode, Quota, Tie
from yangguang.rules.runs.eligibility import Gate, shared_out

_PROGRAMMES = """
SELECT l.id, l.code, p.school_id, l.programme_type, l.study_form, l.origins, rl.seats,
       b.code, greatest(b.seats - b.taken, 0), b.mode, b.priority, b.flows_to, b.tie
FROM yangguang_roundprogramme AS rl
JOIN yangguang_programme AS l ON l.id = rl.programme_id
JOIN yangguang_plan AS p ON p.id = l.plan_id
JOIN yangguang_quota AS b ON b.programme_id = l.id
WHERE rl.round_id = %s AND p.state = 'PUBLISHED' AND (%s::bigint IS NULL OR p.school_id = %s)
ORDER BY l.code, b.priority
"""
_TAKEN = """
SELECT p.school_id, sum(b.taken) FROM yangguang_quota AS b
JOIN yangguang_programme AS l ON l.id = b.programme_id
JOIN yangguang_plan AS p ON p.id = l.plan_id
JOIN yangguang_season AS s ON s.id = p.season_id
WHERE s.year = %s AND p.school_id = ANY(%s) GROUP BY p.school_id
"""
# Two applications of one person who was linked: the root's own one counts, the other waits for the officers.
_CHOICES = """
SELECT a.number, a.origin, a.scores, v.programmes, p.id,
       CASE WHEN c.id IS NOT NULL THEN 'has_seat' WHEN k.person_id IS NOT NULL THEN 'quarantine'
            WHEN row_number() OVER (PARTITION BY p.root_id ORDER BY p.merged_into_id IS NOT NULL, a.number) > 1
                 THEN 'quarantine' END
FROM (
    SELECT DISTINCT ON (application_id) application_id, programmes FROM yangguang_choiceversion
    WHERE round_id = %(round)s ORDER BY application_id, number DESC
) AS v
JOIN yangguang_application AS a ON a.id = v.application_id
JOIN yangguang_person AS p ON p.id = a.person_id
LEFT JOIN live_claim AS c ON c.person_root_id = p.root_id AND c.intake_year = %(year)s
LEFT JOIN (
    SELECT person_id FROM yangguang_identitycase WHERE state = 'OPEN'
    UNION SELECT other_id FROM yangguang_identitycase WHERE state = 'OPEN' AND other_id IS NOT NULL
) AS k ON k.person_id = p.id
WHERE a.state = 'CHOSEN' AND a.season_id = %(season)s
ORDER BY a.number COLLATE "C"
"""
_BONUSES = """
SELECT a.number, t.programme_id, t.points FROM yangguang_aptitudetestresult AS t
JOIN yangguang_application AS a ON a.id = t.application_id AND a.state = 'CHOSEN' AND a.season_id = %(season)s
WHERE t.programme_id = ANY(%(programmes)s) AND t.points > 0
"""


def freeze(round: Round, at: datetime, commitment: str, seed: bytes, school: Unit | None = None) -> memoryview:
    """The canonical text of everything the run will look at (`queries.runs.input_format` tells its form).

    Args:
        at: decides which sanctions are in force.
        school: only its programmes and the choices that name them (a trial).
    """
    gates, programmes = _programmes(round, at, school)
    row = (round.season.year, round.season.term, round.number, round.kind)
    head = "\n".join([*spell(row, commitment, programmes, (), seed), ""]).encode()
    params = {"round": round.pk, "season": round.season_id, "year": round.season.year}
    fetch_all(SORT_IN_MEMORY)
    read = as_text(copy_out_text(_CHOICES, params))
    bonuses = fetch_all(_BONUSES, params | {"programmes": list(gates)})
    return spell_people(head, read, gates, round.origins, dedicated_pupils(), seed, bonuses)


def _programmes(
    round: Round, at: datetime, school: Unit | None
) -> tuple[dict[int, tuple[str, Gate]], list[FrozenProgramme]]:
    """Row id of each programme to its code and gate, and the programmes as they are frozen."""
    only = None if school is None else school.pk
    rows: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in fetch_all(_PROGRAMMES, (round.pk, only, only)):
        rows[row[0]].append(row)
    limits = school_limits(at)
    shares = _shares(round, rows, limits)
    gates, programmes = {}, []
    for key, parts in rows.items():
        _, code, unit, programme_type, form, origins, most, *_ = parts[0]
        stopped = limits.get(unit) == 0
        quotas = tuple(
            Quota(kind, free, Mode(mode), priority, flows or None, Tie(tie))
            for _, _, _, _, _, _, _, kind, free, mode, priority, flows, tie in parts
        )
        free = sum(quota.seats for quota in quotas)
        share = shares.get(code)
        cap = most if share is None else min(most, share)
        gates[key] = code, Gate(ProgrammeType(programme_type), StudyForm(form), frozenset(origins), stopped)
        programmes.append(FrozenProgramme(code, quotas, cap if cap < free else None, stopped, share))
    return gates, programmes


def _shares(round: Round, rows: dict[int, list[tuple[Any, ...]]], limits: dict[int, int]) -> dict[str, int]:
    """Sector code to its share of what the school's cap leaves after the seats taken this year."""
    of_school: dict[int, dict[str, int]] = defaultdict(dict)
    for parts in rows.values():
        if parts[0][2] in limits:
            of_school[parts[0][2]][parts[0][1]] = sum(part[8] for part in parts)
    taken: dict[int, int] = dict(fetch_all(_TAKEN, (round.season.year, list(of_school)))) if of_school else {}
    shares: dict[str, int] = {}
    for unit, seats in of_school.items():
        shares |= shared_out(max(limits[unit] - int(taken.get(unit, 0)), 0), seats)
    return shares
