"""The monthly forms due of each unit, and their states. (S23-5.05, S24-5.07)"""

from dataclasses import dataclass
from datetime import datetime

from yangguang.models import Unit
from yangguang.postgres.sql import fetch_all
from yangguang.queries.reporting.reports import SECTOR_OF_FORM, find_due_at
from yangguang.rules.reporting.filing import describe_timeliness
from yangguang.rules.reporting.report_states import TRANSITIONS


@dataclass(frozen=True, slots=True)
class Filing:
    """The form due of one unit; `report` and `state` are "" until it is computed.

    Args:
        timeliness: sent in time or late, or how long there is.
    """

    unit: str
    unit_id: str
    report: str
    state: str
    total: int | None
    target: int | None
    completion: str
    timeliness: str

    @property
    def label(self) -> str:
        """The state in Chinese."""
        return TRANSITIONS.states.get(self.state, "未填报")


# Form P is due to the province from the areas below it, Form C to the city from its counties. Schools count through
# the persons of their area; they have no page for a form of their own.
_FILINGS = """
SELECT u.name AS unit, u.public_id::text AS unit_id, coalesce(m.public_id::text, '') AS report,
       coalesce(m.state, '') AS state, (m.rows -> 0 ->> 'total')::int AS total,
       (m.rows -> 0 ->> 'target')::int AS target, coalesce(m.rows -> 0 ->> 'completion', '') AS completion, m.sent_at
FROM yangguang_unit AS u
LEFT JOIN yangguang_monthlyreport AS m
    ON m.unit_id = u.id AND m.form = %(form)s AND m.sector = %(sector)s AND m.year = %(year)s AND m.month = %(month)s
WHERE u.level IN ('CITY', 'COUNTY') AND (u.id = %(unit)s OR u.parent_id = %(unit)s)
ORDER BY u.id = %(unit)s DESC, u.code
"""


def filings_of(unit: Unit, form: str, year: int, month: int, at: datetime) -> list[Filing]:
    """The unit's own form first, then those of the areas that report to it, as of `at`; two queries.

    Raises:
        Refused: the rule row of the due day is missing.
    """
    params = {"form": form, "sector": SECTOR_OF_FORM[form], "year": year, "month": month, "unit": unit.pk}
    due = find_due_at(form, year, month)
    filings = []
    for row in fetch_all(_FILINGS, params):
        columns = row._asdict()
        sent_at = columns.pop("sent_at")
        filings.append(Filing(**columns, timeliness=describe_timeliness(due, sent_at, at)))
    return filings
