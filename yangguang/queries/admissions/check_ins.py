"""Who is on a school's list and who has not come, before anything is done about it. (R6.07, F-C5)"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yangguang.models import Round
from yangguang.postgres.sql import fetch_all
from yangguang.queries.seasons.windows import effective_span
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.admissions import admission_states
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.seasons.rounds import WindowKind

# Those a round still keeps a seat for although they have not come, inside the actor's reach.
ABSENT = f"""
SELECT a.id, a.person_id, a.quota_id, a.school_id, u.name AS school
FROM yangguang_admission AS a
JOIN yangguang_unit AS u ON u.id = a.school_id
WHERE a.round_id = %(round)s AND a.state IN {render_states(admission_states.EXPECTED)}
  AND u.path LIKE %(path)s AND (%(programme)s::text = '' OR u.sector = %(programme)s::text)
"""
_BY_SCHOOL = f"""
SELECT due.school, count(*) FROM ({ABSENT}) AS due GROUP BY due.school_id, due.school ORDER BY due.school
"""


@dataclass(frozen=True, slots=True)
class AbsentAtSchool:
    """How many seats of one school a release would free (persons)."""

    school: str
    absent: int


def reach(by: Actor, round: Round) -> dict[str, Any]:
    """The parameters of `ABSENT` for this actor."""
    return {"round": round.pk, "path": f"{by.path or '-'}%", "programme": by.sector}


def absent_preview(by: Actor, round: Round) -> list[AbsentAtSchool]:
    """What `release_absent` would free now, by school: shown before the first of the two people signs."""
    return [AbsentAtSchool(*row) for row in fetch_all(_BY_SCHOOL, reach(by, round))]


def check_in_span(round: Round) -> tuple[datetime | None, datetime | None]:
    """The check-in window of a round, or of its season; (None, None) when there is none."""
    return effective_span(WindowKind.CHECK_IN, round) or (None, None)
