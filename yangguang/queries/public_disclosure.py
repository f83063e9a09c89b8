"""The rounds as everyone sees them: terms, dates, seed and the published run of each. ([S24] 二; product.md A4)"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yangguang.models import Season
from yangguang.queries.policy import rules_at
from yangguang.queries.rows import fetch_all
from yangguang.rules.refusals import Refused
from yangguang.rules.rounds import RANKING, RoundKind, Silence

_ROUNDS = """
SELECT r.id, r.public_id, r.number, r.name, r.kind, r.max_choices, r.max_majors_per_school, r.silence,
       r.keeps_waiting_list, run.published_at, run.counts::text, seed.commitment, seed.committed_at, seed.revealed,
       (SELECT coalesce(sum(seats - dedicated), 0) FROM yangguang_roundline AS l WHERE l.round_id = r.id),
       (SELECT count(*) FROM yangguang_admission AS m WHERE m.round_id = r.id)
FROM yangguang_round AS r
LEFT JOIN yangguang_admissionrun AS run ON run.round_id = r.id AND run.state = 'PUBLISHED'
LEFT JOIN yangguang_lotteryseed AS seed ON seed.round_id = r.id AND seed.commitment <> ''
WHERE r.season_id = %s ORDER BY r.number
"""


@dataclass(frozen=True, slots=True)
class PublicRound:
    """One round.

    Args:
        counts: of the published run: persons who took part, seats, placed, placed by number of the choice.
        seats: of its lines when it was opened, without those of 专门编班.
        admitted: persons admitted in it, None while too few to be said.
        commitment, committed_at: of the lottery, public before the window closes; revealed: the seed, afterwards.
    """

    pk: int
    public_id: str
    number: int
    name: str
    kind: RoundKind
    max_choices: int
    max_majors_per_school: int
    silence: Silence
    keeps_waiting_list: bool
    published_at: datetime | None
    counts: dict[str, Any]
    commitment: str
    committed_at: datetime | None
    revealed: str
    seats: int
    admitted: int | None

    @property
    def is_ranked(self) -> bool:
        """Whether a run decides: only then there are places, a seed and a verifier's report."""
        return self.kind in RANKING


def public_rounds(season: Season | None, at: datetime) -> list[PublicRound]:
    """Every round of the season in order; two queries."""
    if season is None:
        return []
    small = small_cell(at)
    found = []
    for pk, public_id, number, name, kind, most, majors, silence, *rest in fetch_all(_ROUNDS, (season.pk,)):
        waits, published_at, counts, commitment, committed_at, revealed, seats, admitted = rest
        found.append(
            PublicRound(
                pk, str(public_id), number, name, RoundKind(kind), most, majors, Silence(silence), waits,
                published_at, json.loads(counts or "{}"), commitment or "", committed_at, revealed or "", int(seats),
                None if 0 < admitted < small else admitted,
            )
        )  # fmt: skip
    return found


def small_cell(at: datetime) -> int:
    """Counts of persons below this number are not shown; without a rule row nothing below ten is."""
    try:
        return min(int(rule.value) for rule in rules_at(at, "disclosure.small_cell").values())
    except Refused:
        return 10
