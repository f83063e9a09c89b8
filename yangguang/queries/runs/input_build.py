"""The input of a run read from the database: programmes with the seats that are free now, and every choice in force."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from yangguang.engine.tsv_reader import as_text
from yangguang.models import Round, Unit
from yangguang.postgres.copy import copy_out_text
from yangguang.postgres.sql import SORT_IN_MEMORY, Row, fetch_all
from yangguang.queries.applicants.origin_rules import origin_rules_of
from yangguang.queries.runs.input_columns import format_people
from yangguang.queries.runs.input_format import FrozenProgramme, format_head
from yangguang.queries.supervision.admission_limits import dedicated_pupils, school_limits
from yangguang.rules.applicants.origins import StudyForm
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.plans.quotas import Mode, Quota, Tie
from yangguang.rules.runs.eligibility import Gate, share_cap
from yangguang.rules.seasons.policy_keys import Subject

_PROGRAMMES = """
SELECT l.id, l.code, p.school_id, l.programme_type, l.study_form, l.origins, rl.seats AS most,
       b.code AS quota, greatest(b.seats - b.taken, 0) AS free, b.mode, b.priority, b.flows_to, b.tie
FROM yangguang_roundprogramme AS rl
JOIN yangguang_programme AS l ON l.id = rl.programme_id
JOIN yangguang_plan AS p ON p.id = l.plan_id
JOIN yangguang_quota AS b ON b.programme_id = l.id
WHERE rl.round_id = %s AND p.state = 'PUBLISHED' AND (%s::bigint IS NULL OR p.school_id = %s)
ORDER BY l.code, b.priority
"""
_TAKEN = """
SELECT p.school_id, sum(b.taken)::int AS taken FROM yangguang_quota AS b
JOIN yangguang_programme AS l ON l.id = b.programme_id
JOIN yangguang_plan AS p ON p.id = l.plan_id
JOIN yangguang_season AS s ON s.id = p.season_id
WHERE s.year = %s AND p.school_id = ANY(%s) GROUP BY p.school_id
"""
# Of two applications of a person after a merge, that of the root counts; the other is left to the officers.
_CHOICES = """
SELECT a.number, a.origin, {scores}, v.programmes, p.id,
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
    """The canonical text of everything the run will read, in the form of `queries.runs.input_format`.

    Args:
        at: decides which sanctions are in force.
        school: only its programmes and the choices of them (a trial).
    """
    gates, programmes = _list_programmes(round, at, school)
    row = (round.season.year, round.season.term, round.number, round.kind)
    params = {"round": round.pk, "season": round.season_id, "year": round.season.year}
    fetch_all(SORT_IN_MEMORY)
    choices = as_text(copy_out_text(_CHOICES.format(scores=_scores_sql(round.tie_order)), params))
    bonuses = fetch_all(_BONUSES, params | {"programmes": list(gates)})
    head = format_head(row, commitment, programmes)
    return format_people(head, choices, gates, round.origins, dedicated_pupils(), seed, bonuses)


def _scores_sql(tie_order: Sequence[str]) -> str:
    """The scores of an application `a` in the order in which the round compares them; a missing one counts 0."""
    positions = [list(Subject).index(Subject(subject)) + 1 for subject in tie_order]
    if positions == list(range(1, len(Subject) + 1)):
        return "a.scores"
    compared = ", ".join(f"coalesce(a.scores[{position}], 0)" for position in positions)
    return f"CASE WHEN a.scores = '{{}}' THEN a.scores ELSE ARRAY[{compared}] END"


def _list_programmes(
    round: Round, at: datetime, school: Unit | None
) -> tuple[dict[int, tuple[str, Gate]], list[FrozenProgramme]]:
    """Row id of each programme to its code and gate, and the programmes as they are frozen."""
    only = None if school is None else school.pk
    rows: dict[int, list[Row]] = defaultdict(list)
    for row in fetch_all(_PROGRAMMES, (round.pk, only, only)):
        rows[row.id].append(row)
    limits = school_limits(at)
    shares = _share_caps(round, rows.values(), limits)
    origins = origin_rules_of(round.season.year, round.opened_at or at)
    gates, programmes = {}, []
    for parts in rows.values():
        one = parts[0]
        quotas = tuple(
            Quota(row.quota, row.free, Mode(row.mode), row.priority, row.flows_to or None, Tie(row.tie))
            for row in parts
        )
        share = shares.get(one.code)
        cap = one.most if share is None else min(one.most, share)
        stopped = limits.get(one.school_id) == 0
        kind = ProgrammeType(one.programme_type), StudyForm(one.study_form)
        gate = Gate(*kind, frozenset(one.origins), stopped, origins)
        gates[one.id] = one.code, gate
        free = sum(quota.seats for quota in quotas)
        programmes.append(FrozenProgramme(one.code, quotas, cap if cap < free else None, stopped, share))
    return gates, programmes


def _share_caps(round: Round, programmes: Collection[list[Row]], limits: dict[int, int]) -> dict[str, int]:
    """Code of each programme to its share of what the school's cap leaves after the seats taken this year."""
    free: dict[int, dict[str, int]] = defaultdict(dict)
    for parts in programmes:
        if parts[0].school_id in limits:
            free[parts[0].school_id][parts[0].code] = sum(row.free for row in parts)
    taken: dict[int, int] = dict(fetch_all(_TAKEN, (round.season.year, list(free)))) if free else {}
    shares: dict[str, int] = {}
    for school, seats in free.items():
        shares |= share_cap(max(limits[school] - taken.get(school, 0), 0), seats)
    return shares
