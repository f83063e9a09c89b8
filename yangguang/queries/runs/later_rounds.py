"""The rounds of a season that are still to come for students without a seat."""

from collections.abc import Iterable
from datetime import datetime

from yangguang.models import Application, Round
from yangguang.postgres.sql import fetch_all
from yangguang.rules.applicants.origins import Origin
from yangguang.rules.runs.later_rounds import LaterRound, describe_later_rounds
from yangguang.rules.runs.rounds import RoundKind
from yangguang.rules.seasons.windows import WindowKind

_ROUNDS = """
SELECT r.name, r.origins, w.opens_at, w.closes_at
FROM yangguang_round AS r JOIN effective_window(r.season_id, r.id, %(kind)s) AS w ON true
WHERE r.season_id = %(season)s AND r.id IS DISTINCT FROM %(beside)s AND NOT r.kind = ANY(%(closed)s)
  AND (w.closes_at IS NULL OR w.closes_at > %(at)s)
ORDER BY r.number
"""
# The exam board decides over the first; the second is for those who have a seat.
_CLOSED_KINDS = [RoundKind.IMPORTED.value, RoundKind.TRANSFER.value]
SENTENCES = (
    "unnest(%(of_rounds)s::bigint[], %(origins)s::text[], %(later)s::text[]) AS later (round_id, origin, sentence)"
)
"""A table for a larger statement: what each origin may still choose after a round; for `bind_sentences`."""


def find_later_rounds(season: int, at: datetime, *, beside: Round | None = None) -> list[LaterRound]:
    """The rounds of the season (row id) whose window for choices closes after `at`, in order.

    Args:
        beside: the student's own round, which is left out.
    """
    params = {
        "kind": WindowKind.CHOICES.value,
        "season": season,
        "beside": None if beside is None else beside.pk,
        "closed": _CLOSED_KINDS,
        "at": at,
    }
    return [
        LaterRound(row.name, frozenset(row.origins), row.opens_at, row.closes_at) for row in fetch_all(_ROUNDS, params)
    ]


def later_rounds_sentence(application: Application, at: datetime, *, beside: Round) -> str:
    """What the student may still choose beside this round at `at`, or `NONE_LEFT`; one query."""
    return describe_later_rounds(find_later_rounds(application.season_id, at, beside=beside), application.origin, at)


def bind_sentences(rounds: Iterable[Round], at: datetime) -> dict[str, object]:
    """The parameters of `SENTENCES`: what is left beside each of these rounds at `at`; one query for each."""
    rows = [
        (round.pk, origin.value, describe_later_rounds(later, origin, at))
        for round in rounds
        for later in [find_later_rounds(round.season_id, at, beside=round)]
        for origin in Origin
    ]
    return {
        "of_rounds": [number for number, _, _ in rows],
        "origins": [origin for _, origin, _ in rows],
        "later": [sentence for _, _, sentence in rows],
    }
