"""Persons checked in, by sector, programme type and study form; the monthly forms add them up. (R9.01, R9.03)"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from yangguang.models import Unit
from yangguang.postgres.sql import fetch_all
from yangguang.queries.applicants.duplicates import QUARANTINED
from yangguang.rules.applicants.origins import StudyForm
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.plans.programme_types import ProgrammeType


class Cell(NamedTuple):
    """Persons of one sector, programme type and study form, as `rules.reporting.targets.Scope.total` adds them up."""

    sector: Sector
    programme_type: ProgrammeType
    study_form: StudyForm
    persons: int


# Checked in before an instant and not withdrawn by then. A person in an open duplicate case is not counted; when the
# case is settled, the months sealed meanwhile are corrected.
CHECKED_IN = f"""
a.checked_in_at < m.at AND a.person_id NOT IN ({QUARANTINED})
AND (a.state = 'CHECKED_IN' OR (a.state = 'RELEASED' AND a.ended_at >= m.at))
"""
_CELLS = f"""
SELECT m.nth, u.sector, l.programme_type, l.study_form, count(*) AS persons
FROM unnest(%(instants)s::timestamptz[]) WITH ORDINALITY AS m(at, nth)
JOIN yangguang_admission AS a ON a.checked_in_at IS NOT NULL
JOIN yangguang_application AS p ON p.id = a.application_id
JOIN yangguang_season AS s ON s.id = p.season_id AND s.year = %(year)s
JOIN yangguang_unit AS u ON u.id = a.school_id
JOIN yangguang_programme AS l ON l.id = a.programme_id
WHERE {CHECKED_IN} AND u.path LIKE %(path)s
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""


def count_checked_in(unit: Unit, year: int, instants: Sequence[datetime]) -> list[list[Cell]]:
    """Persons checked in by sector, programme type and study form, at each instant; one query for all of them.

    Args:
        unit: an area or a school.
        year: intake year, spring and autumn together.
    """
    cells: list[list[Cell]] = [[] for _ in instants]
    for row in fetch_all(_CELLS, {"instants": list(instants), "year": year, "path": f"{unit.path}%"}):
        keys = Sector(row.sector), ProgrammeType(row.programme_type), StudyForm(row.study_form)
        cells[row.nth - 1].append(Cell(*keys, row.persons))
    return cells
