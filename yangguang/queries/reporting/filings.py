"""The monthly forms due of each unit, and their states. (S23-5.05, S24-5.07)"""

from dataclasses import dataclass

from yangguang.models import Unit
from yangguang.postgres.sql import fetch_all
from yangguang.queries.reporting.reports import SECTOR_OF_FORM
from yangguang.rules.reporting.report_states import TRANSITIONS


@dataclass(frozen=True, slots=True)
class Filing:
    """The form due of one unit; `report` and `state` are "" until it is computed."""

    unit: str
    unit_id: str
    report: str
    state: str
    total: int | None
    target: int | None
    completion: str

    @property
    def label(self) -> str:
        """The state in Chinese."""
        return TRANSITIONS.states.get(self.state, "未填报")


# Form P is due to the province from the units below it, Form C to the city from its counties and schools.
_FILINGS = """
SELECT u.name AS unit, u.public_id::text AS unit_id, coalesce(m.public_id::text, '') AS report,
       coalesce(m.state, '') AS state, (m.rows -> 0 ->> 'total')::int AS total,
       (m.rows -> 0 ->> 'target')::int AS target, coalesce(m.rows -> 0 ->> 'completion', '') AS completion
FROM yangguang_unit AS u
LEFT JOIN yangguang_monthlyreport AS m
    ON m.unit_id = u.id AND m.form = %(form)s AND m.sector = %(sector)s AND m.year = %(year)s AND m.month = %(month)s
WHERE (u.id = %(unit)s AND u.level <> 'PROVINCE') OR (u.parent_id = %(unit)s AND (
    u.level IN ('CITY', 'COUNTY') OR (u.level = 'SCHOOL' AND (%(form)s = 'PROVINCE' OR u.sector = 'education')
    AND EXISTS (SELECT 1 FROM yangguang_qualification AS q WHERE q.unit_id = u.id AND q.year = %(year)s))))
ORDER BY u.level = 'SCHOOL', u.code
"""


def filings_of(unit: Unit, form: str, year: int, month: int) -> list[Filing]:
    """The unit's own form first, then those of the units that report to it; one query."""
    params = {"form": form, "sector": SECTOR_OF_FORM[form], "year": year, "month": month, "unit": unit.pk}
    return [Filing(**row._asdict()) for row in fetch_all(_FILINGS, params)]
