"""The monthly forms due of each unit, and their states. (S23-5.05, S24-5.07)"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from yangguang.models import MonthlyReport, Unit
from yangguang.postgres.sql import fetch_all
from yangguang.queries.reporting.reports import (
    CITY,
    PROVINCE,
    SECTOR_OF_FORM,
    count_technicians_below,
    count_until,
    find_due_at,
    find_due_instants,
)
from yangguang.rules.reporting.filing import describe_timeliness, files_month
from yangguang.rules.reporting.report_states import TRANSITIONS


@dataclass(frozen=True, slots=True)
class MonthForm:
    """The form of one month of a unit; `report` and `state` are "" until it is computed.

    Args:
        is_late: whether it is not sent although its time is over. timeliness: as of `Filing`.
    """

    report: str
    state: str
    is_late: bool
    timeliness: str

    @property
    def label(self) -> str:
        """The state in Chinese."""
        return TRANSITIONS.states.get(self.state, "未填报")


@dataclass(frozen=True, slots=True)
class Filing:
    """The form of one unit; `report` and `state` are "" until it is computed.

    Args:
        has_technicians: whether a technician school lies in the area, so that there is a number to hand over.
        is_due: whether the unit sends this form to the level above, and was open in that month; `is_sent` that it did.
        timeliness: sent in time or late, or how long there is.
        rate_scope: whom the target of the form counts, in words.
        technicians: the number of technician schools its labour bureau handed over, None until it did.
        technicians_now: what the same persons count now, None where nothing was handed over.
        months: the form of each requested month; without those that a unit neither sends nor computed.
    """

    unit: str
    unit_id: str
    report: str
    state: str
    total: int | None
    target: int | None
    completion: str
    rate_scope: str
    technicians: int | None
    technicians_now: int | None
    has_technicians: bool
    is_due: bool
    is_sent: bool
    timeliness: str
    months: dict[int, MonthForm]

    @property
    def label(self) -> str:
        """The state in Chinese."""
        return TRANSITIONS.states.get(self.state, "未填报")

    @property
    def technician_change(self) -> int:
        """Persons by which the number handed over differs from what it would be now; 0 where none was."""
        return (self.technicians_now or 0) - (self.technicians or 0)


_RECEIVER = {CITY: Unit.Level.CITY.value, PROVINCE: Unit.Level.PROVINCE.value}
"""Form C is due to a city from its counties, Form P to the province from the areas directly below it. Schools count
through the persons of their area; they have no page for a form."""
_FILINGS = """
SELECT u.name AS unit, u.path, u.public_id::text AS unit_id, coalesce(m.public_id::text, '') AS report,
       coalesce(m.state, '') AS state, (m.rows -> 0 ->> 'total')::int AS total,
       (m.rows -> 0 ->> 'target')::int AS target, coalesce(m.rows -> 0 ->> 'completion', '') AS completion,
       coalesce(m.rows -> 0 ->> 'rate_scope', '') AS rate_scope,
       (SELECT t.number FROM yangguang_techniciancount AS t
        WHERE t.unit_id = u.id AND t.year = %(year)s AND t.month = %(month)s ORDER BY t.id DESC LIMIT 1) AS technicians,
       EXISTS (SELECT 1 FROM yangguang_unit AS s
               WHERE s.path LIKE u.path || '%%' AND s.level = 'SCHOOL' AND s.sector = 'labour') AS has_technicians,
       above.level = %(receiver)s AS is_due, u.opened_on, m.sent_at,
       (SELECT json_object_agg(y.month, json_build_array(y.public_id, y.state, y.sent_at))::text
        FROM yangguang_monthlyreport AS y
        WHERE y.unit_id = u.id AND y.form = %(form)s AND y.sector = %(sector)s AND y.year = %(year)s) AS months
FROM yangguang_unit AS u JOIN yangguang_unit AS above ON above.id = u.parent_id
LEFT JOIN yangguang_monthlyreport AS m
    ON m.unit_id = u.id AND m.form = %(form)s AND m.sector = %(sector)s AND m.year = %(year)s AND m.month = %(month)s
WHERE u.level IN ('CITY', 'COUNTY')
  AND (u.id = %(unit)s OR (u.parent_id = %(unit)s AND above.level = %(receiver)s))
ORDER BY u.id = %(unit)s DESC, u.code
"""


def filings_of(unit: Unit, form: str, year: int, month: int, at: datetime, months: Iterable[int] = ()) -> list[Filing]:
    """The unit's own form of a month first, then those due to it from the areas below, as of `at`; four queries.

    Args:
        months: of the year, whose states each filing has beside the month.
    """
    params = {"form": form, "sector": SECTOR_OF_FORM[form], "year": year, "month": month, "unit": unit.pk}
    due = find_due_instants(form, year, {month, *months})
    rows = fetch_all(_FILINGS, params | {"receiver": _RECEIVER[form]})
    handed_over = [row.path for row in rows if form == PROVINCE and row.technicians is not None]
    # A number is handed over for a month that has begun.
    now = count_technicians_below(unit, year, count_until(at, year, month), handed_over) if handed_over else {}
    filings = []
    for row in rows:
        columns = row._asdict()
        sent_at, path, opened_on = (columns.pop(name) for name in ("sent_at", "path", "opened_on"))
        stored = json.loads(columns.pop("months") or "{}")
        columns["is_due"] = row.is_due and files_month(year, month, opened_on)
        columns["months"] = {
            one: _describe_month(stored.get(str(one)), due[one] if files_month(year, one, opened_on) else None, at)
            for one in months
            if row.is_due or str(one) in stored
        }
        timeliness = describe_timeliness(due[month] if columns["is_due"] else None, sent_at, at)
        is_sent = sent_at is not None
        filings.append(Filing(**columns, technicians_now=now.get(path), is_sent=is_sent, timeliness=timeliness))
    return filings


def _describe_month(stored: tuple[str, str, str | None] | None, due: datetime | None, at: datetime) -> MonthForm:
    """One month of a filing.

    Args:
        stored: public id, state and, of a form that was sent, when; None before it is computed.
        due: until when, exclusive; None for a form that is not sent, or where no rule fixes a day.
    """
    report, state, sent = stored or ("", "", None)
    sent_at = datetime.fromisoformat(sent) if sent else None
    is_late = due is not None and sent_at is None and at >= due
    return MonthForm(report, state, is_late, describe_timeliness(due, sent_at, at))


def timeliness_of(report: MonthlyReport, at: datetime) -> str:
    """Whether a form was sent in time, as its row of `filings_of` says it."""
    due = find_due_at(report.form, report.year, report.month) if is_sent_above(report) else None
    return describe_timeliness(due, report.sent_at, at)


def is_sent_above(report: MonthlyReport) -> bool:
    """Whether the unit sends this form to the one above, and was open in that month."""
    above = report.unit.parent
    is_receiver = above is not None and above.level == _RECEIVER[report.form]
    return is_receiver and files_month(report.year, report.month, report.unit.opened_on)
