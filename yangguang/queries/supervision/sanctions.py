"""The effects of the measures in force against schools, many schools in one query. (R10.02)"""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from yangguang.postgres.sql import fetch_all
from yangguang.rules.supervision.sanctions import NONE, DecidedMeasure, Effects, Measure, effects_of

_IN_FORCE = """
SELECT unit_id, kind, sentence, cap, starts_at FROM measure_in_force(%(at)s)
WHERE %(units)s::bigint[] IS NULL OR unit_id = ANY(%(units)s::bigint[])
ORDER BY unit_id, id
"""


def effects_in_force(at: datetime, units: Sequence[int] | None = None) -> dict[int, Effects]:
    """Row id of the school → effects at `at`, for schools that have any.

    Args:
        units: row ids of schools; None is all schools.
    """
    rows = fetch_all(_IN_FORCE, {"at": at, "units": None if units is None else list(units)})
    return {
        unit: effects_of(DecidedMeasure(Measure(m.kind), m.sentence, m.cap, m.starts_at) for m in measures)
        for unit, measures in groupby(rows, key=lambda row: row.unit_id)
    }


def effects_on(unit: int, at: datetime) -> Effects:
    """The effects on one school at `at`; `NONE` when nothing is in force."""
    return effects_in_force(at, [unit]).get(unit, NONE)
