"""The only code that changes an admission's state, along the transitions of `admission_states`.

A larger statement uses `transition_sql` as one of its CTEs; everything else calls `transition`.
"""

from collections.abc import Sequence
from datetime import datetime

from yangguang.models import Admission
from yangguang.postgres.sql import fetch_all
from yangguang.rules.admissions import admission_states as states
from yangguang.rules.admissions.end_reasons import EndReason
from yangguang.rules.base.state_machine import render_states


def transition_sql(
    name: str,
    *,
    which: str,
    cause: Admission.Cause,
    source: str = "",
    at: str = "yg_now()",
    reason: str = "''",
    is_answer: bool = False,
    returning: str = "a.id",
) -> str:
    """The UPDATE for one transition of admissions, as a statement or as a CTE.

    Admissions in another state than the transition's start are not changed. `checked_in_at`, `ended_at` (when the
    seat is given up) and `answered_at` (for an answer) are set with the state.

    Args:
        name: of the transition in `admission_states`.
        which: our own SQL condition on the admission `a` and on `source`.
        source: our own SQL after FROM.
        at, reason: our own SQL expressions for the instant and the code of `end_reasons`.
        is_answer: the transition is the student's answer.
        returning: our own SQL of the returned columns.
    """
    move = states.TRANSITIONS[name]
    columns = {
        "answered_at": is_answer,
        "checked_in_at": move.to == states.CHECKED_IN,
        "ended_at": move.to not in states.LIVE,
    }
    instants = "".join(f", {column} = {at}" for column, is_set in columns.items() if is_set)
    return f"""
UPDATE yangguang_admission AS a
SET state = '{move.to}', cause = '{cause.value}', reason = {reason}, version = a.version + 1{instants}
{f"FROM {source}" if source else ""}
WHERE a.state IN {render_states(move.froms)} AND {which}
RETURNING {returning}
"""


def transition(
    name: str, admissions: Sequence[int], at: datetime, *, cause: Admission.Cause, reason: EndReason
) -> list[int]:
    """Change the state of admissions (row ids) by one transition; those in another state are not changed.

    Returns:
        the row ids of the changed admissions, in order.
    """
    sql = transition_sql(name, which="a.id = ANY(%(admissions)s)", cause=cause, at="%(at)s", reason="%(reason)s")
    params = {"admissions": list(admissions), "at": at, "reason": reason.value}
    return sorted(row.id for row in fetch_all(sql, params))
