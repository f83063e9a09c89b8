"""Who has to file which monthly form, and how far each has come. (S23-5.05, S24-5.07)"""

from dataclasses import dataclass

from yangguang.models import MonthlyReport, Unit
from yangguang.postgres.sql import fetch_all
from yangguang.queries.reporting.reports import SECTOR_OF_FORM
from yangguang.rules.reporting.report_states import TRANSITIONS


@dataclass(frozen=True, slots=True)
class Filing:
    """One form that is due of one unit; `state` "" while nobody has computed it."""

    unit: str
    unit_id: str
    form: str
    report: str
    state: str
    says: str
    total: int | None
    target: int | None
    completion: str


# Form P goes to the province from whoever reports to it, Form C to the city from its counties and own schools.
_FILINGS = """
SELECT u.name, u.public_id::text, %(form)s::text, coalesce(m.public_id::text, ''), coalesce(m.state, ''),
       (m.rows -> 0 ->> 'total')::int, (m.rows -> 0 ->> 'target')::int, coalesce(m.rows -> 0 ->> 'completion', '')
FROM yangguang_unit AS u
LEFT JOIN yangguang_monthlyreport AS m
    ON m.unit_id = u.id AND m.form = %(form)s AND m.sector = %(sector)s AND m.year = %(year)s AND m.month = %(month)s
WHERE (u.id = %(unit)s AND u.level <> 'PROVINCE') OR (u.parent_id = %(unit)s AND (
    u.level IN ('CITY', 'COUNTY') OR (u.level = 'SCHOOL' AND (%(form)s = 'PROVINCE' OR u.sector = 'education')
    AND EXISTS (SELECT 1 FROM yangguang_qualification AS q WHERE q.unit_id = u.id AND q.year = %(year)s))))
ORDER BY u.level = 'SCHOOL', u.code
"""


def filings(unit: Unit, form: str, year: int, month: int) -> list[Filing]:
    """The unit's own form first, then those of the units that report to it; one query."""
    asked = {"form": form, "sector": SECTOR_OF_FORM[form], "year": year, "month": month, "unit": unit.pk}
    return [
        Filing(
            name, uid, kind, report, state, TRANSITIONS.states.get(state, "未填报"), total, target, completion
        )
        for name, uid, kind, report, state, total, target, completion in fetch_all(_FILINGS, asked)
    ]


def reports_of(unit: Unit, year: int) -> list[MonthlyReport]:
    """Every form of one unit in a year, by month."""
    return list(MonthlyReport.objects.filter(unit=unit, year=year).order_by("month", "form"))
