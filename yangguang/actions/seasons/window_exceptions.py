"""A later end of a window for single persons: rows approved by two people; the window does not change. (R2.04)"""

from collections.abc import Sequence
from datetime import datetime

from yangguang.models import Round
from yangguang.postgres.sql import execute
from yangguang.rules.seasons.windows import WindowKind

_ADD = """
INSERT INTO yangguang_windowexception (window_id, person_id, until, reason, proposed_by_id, approved_by_id)
SELECT w.id, p.person, %(until)s, %(reason)s, %(first)s, %(second)s
FROM unnest(%(people)s::bigint[]) AS p(person), effective_window(%(season)s, %(round)s, %(kind)s) AS w
"""


def extend_window(
    round: Round, people: Sequence[int], until: datetime, *, reason: str, proposed_by: int, approved_by: int
) -> int:
    """Allow these persons (row ids) to submit choices in the round until `until`; returns the number of rows added."""
    params = {
        "kind": WindowKind.CHOICES.value,
        "season": round.season_id,
        "round": round.pk,
        "people": list(people),
        "until": until,
        "reason": reason,
        "first": proposed_by,
        "second": approved_by,
    }
    return execute(_ADD, params)
