"""One person's later end of a window: a row on the word of two, never an edit of the window. (R2.04)"""

from collections.abc import Sequence
from datetime import datetime

from yangguang.models import Round
from yangguang.postgres.sql import fetch_all
from yangguang.rules.seasons.rounds import WindowKind

_GIVE = """
INSERT INTO yangguang_windowexception (window_id, person_id, until, reason, proposed_by_id, approved_by_id)
SELECT w.id, p.person, %(until)s, %(reason)s, %(first)s, %(second)s
FROM unnest(%(people)s::bigint[]) AS p(person), effective_window(%(season)s, %(round)s, %(kind)s) AS w
RETURNING person_id
"""


def give_time(
    round: Round, people: Sequence[int], until: datetime, *, reason: str, proposed_by: int, approved_by: int
) -> int:
    """Let these persons (row ids) submit choices in the round until `until`; returns how many rows were made."""
    return len(
        fetch_all(
            _GIVE,
            {
                "kind": WindowKind.CHOICES.value, "season": round.season_id, "round": round.pk, "people": list(people),
                "until": until, "reason": reason, "first": proposed_by, "second": approved_by,
            },
        )
    )  # fmt: skip
