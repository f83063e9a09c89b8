"""The rounds as everyone sees them: terms, dates, seed and the published run of each. (S24-4.01, F-A4)"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from yangguang.models import Season
from yangguang.postgres.sql import fetch_all
from yangguang.queries.disclosure.disclosure_limits import DisclosureLimits, load_disclosure_limits
from yangguang.queries.seasons.policy_rules import rule_at
from yangguang.rules.runs.rounds import RANKING, RoundKind, Silence
from yangguang.rules.seasons import policy_keys

_ROUNDS = """
SELECT r.id AS pk, r.public_id, r.number, r.name, r.kind, r.max_choices, r.max_majors_per_school, r.silence,
       r.keeps_waiting_list, run.published_at, run.id AS run, coalesce(run.counts->'open', '{}')::text AS counts,
       coalesce(seed.commitment, '') AS commitment, seed.committed_at, coalesce(seed.revealed, '') AS revealed,
       (SELECT coalesce(sum(seats - dedicated), 0)::int FROM yangguang_roundprogramme AS l
        WHERE l.round_id = r.id) AS seats,
       (SELECT count(*) FROM yangguang_admission AS m JOIN yangguang_quota AS b ON b.id = m.quota_id
        WHERE m.round_id = r.id AND b.code <> 'dedicated') AS seated
FROM yangguang_round AS r
LEFT JOIN yangguang_admissionrun AS run ON run.round_id = r.id AND run.state = 'PUBLISHED'
LEFT JOIN yangguang_lotteryseed AS seed ON seed.round_id = r.id AND seed.commitment <> ''
WHERE r.season_id = %s ORDER BY r.number
"""


@dataclass(frozen=True, slots=True)
class PublicRound:
    """One round.

    Args:
        run: row id of the published run; counts: of it, without 专门编班: persons who took part, placed, placed by
            number of the choice.
        seats: of its programmes when it was opened, without those of 专门编班.
        seated: persons admitted in it until now, without 专门编班; never displayed as it is.
        commitment, committed_at: of the lottery, public before the window closes; revealed: the seed, afterwards.
    """

    pk: int
    public_id: UUID
    number: int
    name: str
    kind: RoundKind
    max_choices: int
    max_majors_per_school: int
    silence: Silence
    keeps_waiting_list: bool
    published_at: datetime | None
    run: int | None
    counts: dict[str, Any]
    commitment: str
    committed_at: datetime | None
    revealed: str
    seats: int
    seated: int

    @property
    def has_published_list(self) -> bool:
        """Whether a run decided it and is published: only then there are places, a seed and a verifier's report."""
        return self.kind in RANKING and self.published_at is not None


@dataclass(frozen=True, slots=True)
class Numbers:
    """The public numbers of a round in persons; None is few, none, or leads to few.

    Args:
        persons: who took part. admitted: on the published list, or until now where there is no list.
        first: of those on the list, by the first choice.
    """

    persons: int | None
    admitted: int | None
    first: int | None


def list_public_rounds(season: Season | None) -> list[PublicRound]:
    """Every round of the season in order; one query."""
    return [
        PublicRound(
            **row._asdict()
            | {"kind": RoundKind(row.kind), "silence": Silence(row.silence), "counts": json.loads(row.counts)}
        )
        for row in (fetch_all(_ROUNDS, (season.pk,)) if season else ())
    ]


def list_public_numbers(rounds: Sequence[PublicRound], at: datetime) -> list[Numbers]:
    """The public numbers of each round: the same on every page and in every file; two queries."""
    small = read_small_cell(at)
    limits = load_disclosure_limits([one.run for one in rounds if one.run is not None], small)
    return [_count(one, small, limits[one.run] if one.run is not None else None) for one in rounds]


def _count(round: PublicRound, small: int, limits: DisclosureLimits | None) -> Numbers:
    persons = round.counts.get("persons", 0)
    public_persons = persons if persons >= small else None
    if limits is None:
        return Numbers(public_persons, round.seated if round.seated >= small else None, None)
    placed, first = limits.count_placed(), round.counts.get("by_choice", {}).get("1", 0)
    # Where a programme is under review, admissions by first choice are not counted on the same programmes.
    is_whole = placed is not None and placed == round.counts.get("placed")
    reveals_few = first < small or (placed is not None and 0 < placed - first < small)
    return Numbers(public_persons, placed, first if is_whole and not reveals_few else None)


def read_small_cell(at: datetime) -> int:
    """Counts of persons below this number are not displayed."""
    return rule_at(at, policy_keys.SMALL_CELL).value
