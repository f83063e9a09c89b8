"""The effects of the measures in force against schools, many schools in one query. (R10.02)"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from yangguang.postgres.sql import fetch_all
from yangguang.rules.supervision.sanctions import NONE, Decided, Effects, Measure, effects

_IN_FORCE = """
SELECT unit_id, kind, says, cap, starts_at, ends_at FROM yangguang_sanction
WHERE decided_at IS NOT NULL AND starts_at <= %(at)s AND (ends_at IS NULL OR ends_at > %(at)s)
  AND (%(units)s::bigint[] IS NULL OR unit_id = ANY(%(units)s::bigint[]))
ORDER BY unit_id, id
"""


def in_force(at: datetime, units: Sequence[int] | None = None) -> dict[int, Effects]:
    """Row id of the school → effects at `at`, for schools that have any.

    Args:
        units: only these; None is all schools.
    """
    held: dict[int, list[Decided]] = defaultdict(list)
    parameters = {"at": at, "units": None if units is None else list(units)}
    for unit, kind, says, number, starts, ends in fetch_all(_IN_FORCE, parameters):
        held[unit].append(Decided(Measure(kind), says, number, starts, ends))
    return {unit: effects(measures, at) for unit, measures in held.items()}


def effects_on(unit: int, at: datetime) -> Effects:
    """The effects on one school at `at`; `NONE` when nothing is in force."""
    return in_force(at, [unit]).get(unit, NONE)
