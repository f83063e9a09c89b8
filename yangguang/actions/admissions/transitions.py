"""The only code that changes an admission's state; where a transition starts and ends stands in `admission_states`.

A statement that does more at once takes `transition_sql` in as one of its CTEs; everything else calls `transition`.
"""

from collections.abc import Sequence
from datetime import datetime

from yangguang.models import Admission
from yangguang.postgres.sql import fetch_all
from yangguang.rules.admissions import admission_states as states
from yangguang.rules.admissions.end_reasons import Ending
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
    """The UPDATE that takes admissions through one transition, as a statement or as a CTE.

    Admissions that are not where the transition starts are left alone. The instants that belong to the transition
    are written with it: `checked_in_at`, `ended_at` where the seat is given up, `answered_at` for an answer.

    Args:
        name: of the transition in `admission_states`.
        which: our own SQL condition on the admission `a` and on `source`.
        source: our own SQL of what stands after FROM.
        at, reason: our own SQL expressions of the instant and of the code of `end_reasons`.
        is_answer: the student answers by it.
        returning: our own SQL of the columns that come back.
    """
    arrow = states.TRANSITIONS[name]
    columns = {
        "answered_at": is_answer,
        "checked_in_at": arrow.to == states.CHECKED_IN,
        "ended_at": arrow.to not in states.LIVE,
    }
    instants = "".join(f", {column} = {at}" for column, is_set in columns.items() if is_set)
    return f"""
UPDATE yangguang_admission AS a
SET state = '{arrow.to}', cause = '{cause.value}', reason = {reason}, version = a.version + 1{instants}
{f"FROM {source}" if source else ""}
WHERE a.state IN {render_states(arrow.froms)} AND {which}
RETURNING {returning}
"""


def transition(
    name: str, admissions: Sequence[int], at: datetime, *, cause: Admission.Cause, reason: Ending
) -> list[int]:
    """Take admissions (row ids) through one transition; those that are not where it starts are left alone.

    Returns:
        the row ids of those that moved, in order.
    """
    sql = transition_sql(
        name, which="a.id = ANY(%(admissions)s)", cause=cause, at="%(at)s", reason="%(reason)s"
    )
    bound = {"admissions": list(admissions), "at": at, "reason": reason.value}
    return sorted(row[0] for row in fetch_all(sql, bound))
