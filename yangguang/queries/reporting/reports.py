"""The numbers of Form C and Form P, computed from persons with the scope of each. (S23-A1.03, S24-A2.04, R9.03)"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from yangguang.models import MonthlyReport, Unit
from yangguang.postgres.sql import fetch_all, fetch_one
from yangguang.queries.applicants.duplicates import QUARANTINED
from yangguang.rules.applicants.origins import StudyForm
from yangguang.rules.base.refusals import Refused
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.reporting import report_states
from yangguang.rules.reporting.targets import (
    FORM_C_2024,
    FORM_C_COLUMNS,
    FORM_P_2023,
    FORM_P_COLUMNS,
    RATE_OF_FORM,
    completion_rate,
    format_rate,
)
from yangguang.rules.seasons.windows import SHANGHAI, start_of

CITY, PROVINCE = MonthlyReport.Form.CITY.value, MonthlyReport.Form.PROVINCE.value
SECTOR_OF_FORM = {CITY: Sector.EDUCATION.value, PROVINCE: ""}
"""Form C is for the education sector; Form P for both (note 2: the HR bureau hands over its numbers)."""

FormRow = dict[str, Any]
PARTS: dict[str, Mapping[str, frozenset[str]]] = {CITY: FORM_C_COLUMNS, PROVINCE: FORM_P_COLUMNS}
"""Form → column → what it counts: programme types in Form C, sectors in Form P."""
_PART_OF = {CITY: "programme_type", PROVINCE: "sector"}
_SCOPE = {CITY: FORM_C_2024, PROVINCE: FORM_P_2023}

# Checked in before an instant and not withdrawn by then. A person in an open duplicate case is not counted; when the
# case is settled, the months sealed meanwhile are corrected.
_CELLS = f"""
SELECT m.nth, u.sector, l.programme_type, l.study_form, count(*) AS persons
FROM unnest(%(instants)s::timestamptz[]) WITH ORDINALITY AS m(at, nth)
JOIN yangguang_admission AS a ON a.checked_in_at IS NOT NULL
JOIN yangguang_application AS p ON p.id = a.application_id
JOIN yangguang_season AS s ON s.id = p.season_id AND s.year = %(year)s
JOIN yangguang_unit AS u ON u.id = a.school_id
JOIN yangguang_programme AS l ON l.id = a.programme_id
WHERE a.checked_in_at < m.at AND a.person_id NOT IN ({QUARANTINED}) AND u.path LIKE %(path)s
  AND (a.state = 'CHECKED_IN' OR (a.state = 'RELEASED' AND a.ended_at >= m.at))
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""
# The target set for the unit; without one, the sum of those the unit sets below.
_TARGET = """
SELECT coalesce(sum(number) FILTER (WHERE unit_id = %(unit)s), sum(number) FILTER (WHERE parent_id = %(unit)s))
       ::int AS target
FROM yangguang_target
WHERE %(unit)s IN (unit_id, parent_id) AND year = %(year)s AND sector = ANY(%(sectors)s)
"""
_QUARANTINED = """
SELECT count(DISTINCT a.person_id) AS persons
FROM yangguang_admission AS a
JOIN yangguang_season AS s ON s.year = %(year)s
JOIN yangguang_round AS r ON r.id = a.round_id AND r.season_id = s.id
JOIN yangguang_unit AS u ON u.id = a.school_id
JOIN yangguang_identitycase AS c ON c.state = 'OPEN' AND a.person_id IN (c.person_id, c.other_id)
WHERE a.state = 'CHECKED_IN' AND a.checked_in_at < %(at)s AND u.path LIKE %(path)s
"""
_SEALED = f"""
SELECT month, counted_to, rows::text, correction::text FROM yangguang_monthlyreport
WHERE form = %s AND unit_id = %s AND sector = %s AND year = %s AND month < %s
  AND state IN {render_states(report_states.FINAL)}
ORDER BY month
"""


class Cell(NamedTuple):
    """Persons of one sector, programme type and study form, as `rules.reporting.targets.Scope.total` adds them up."""

    sector: Sector
    programme_type: ProgrammeType
    study_form: StudyForm
    persons: int


def month_end(year: int, month: int) -> datetime:
    """The instant a month ends in Beijing, exclusive."""
    return start_of(date(year + month // 12, month % 12 + 1, 1))


def count_until(at: datetime, year: int, month: int) -> datetime:
    """The instant up to which persons are counted: the end of the month, or now in the current one.

    Raises:
        Refused: the month is in the future.
    """
    if at <= start_of(date(year, month, 1)):
        raise Refused("这个月还没有到", now="请选择已经开始的月份", where="month")
    return min(at, month_end(year, month))


def counted_day(instant: datetime) -> date:
    """The day printed as 截至: the last one the numbers contain."""
    return (instant.astimezone(SHANGHAI) - timedelta(microseconds=1)).date()


def target_of(unit: Unit, year: int, sectors: Iterable[Sector]) -> int | None:
    """任务数 of a unit in persons; None without one."""
    row = fetch_one(_TARGET, {"year": year, "unit": unit.pk, "sectors": [sector.value for sector in sectors]})
    assert row is not None
    target: int | None = row.target
    return target


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


def form_rows(unit: Unit, form: str, year: int, instants: Sequence[datetime]) -> list[FormRow]:
    """The row of the form at each instant; the keys are those of the sheet's columns, plus `counted`.

    Returns:
        per instant: target (None without one), the parts, total, counted (persons in the scope of the target)
        and completion ("—" without a target).
    """
    target = target_of(unit, year, sorted(_SCOPE[form].sectors))
    return [_form_row(form, unit, target, cells) for cells in count_checked_in(unit, year, instants)]


def _form_row(form: str, unit: Unit, target: int | None, cells: list[Cell]) -> FormRow:
    scope, field = _SCOPE[form], _PART_OF[form]
    total, counted = scope.total(cells), RATE_OF_FORM[scope.code].total(cells)
    row: FormRow = {"target": target, "total": total, "counted": counted}
    for key, part in PARTS[form].items():
        row[key] = scope.total(cell for cell in cells if getattr(cell, field) in part)
    if form == PROVINCE and unit.level == Unit.Level.SCHOOL and unit.sector == Sector.EDUCATION:
        row["technician"] = None  # A secondary school has no such number: the cell is empty, not 0.
    row["completion"] = format_rate(completion_rate(counted, target))
    return row


def count_quarantined(unit: Unit, year: int, at: datetime) -> int:
    """Persons checked in before `at` who are not counted because a duplicate case is open."""
    (row,) = fetch_all(_QUARANTINED, {"year": year, "at": at, "path": f"{unit.path}%"})
    return int(row.persons)


def current_report(unit: Unit, form: str, year: int, month: int, at: datetime) -> MonthlyReport:
    """The stored form, or one counted now and not stored.

    Args:
        at: now.

    Raises:
        Refused: as `count_until`.
    """
    counted_to = count_until(at, year, month)
    key = {"form": form, "unit": unit, "sector": SECTOR_OF_FORM[form], "year": year, "month": month}
    stored: MonthlyReport | None = MonthlyReport.objects.filter(**key).first()
    return stored or MonthlyReport(**key, **compute_form(unit, form, year, month, counted_to))


def compute_form(unit: Unit, form: str, year: int, month: int, counted_to: datetime) -> dict[str, Any]:
    """The computed fields of a report: its row as of `counted_to`, with the persons not counted, and the correction."""
    (row,) = form_rows(unit, form, year, [counted_to])
    row["held_back"] = count_quarantined(unit, year, counted_to)
    return {"counted_to": counted_to, "rows": [row], "correction": compute_correction(unit, form, year, month)}


def compute_correction(unit: Unit, form: str, year: int, month: int) -> dict[str, Any] | None:
    """The changes in months already sealed that no sealed month reports yet; None when there are none.

    Each sealed month is counted again as of its own instant and compared with the sealed numbers plus the
    corrections in later sealed months.

    Returns:
        {"months": [{"month", "change": {column: persons}}, …]}.
    """
    sealed = fetch_all(_SEALED, (form, unit.pk, SECTOR_OF_FORM[form], year, month))
    if not sealed:
        return None
    reported = _sum_corrections(json.loads(report.correction or "null") for report in sealed)
    recounted = form_rows(unit, form, year, [report.counted_to for report in sealed])
    months = []
    for report, now in zip(sealed, recounted, strict=True):
        (before,) = json.loads(report.rows)
        differences = {
            key: (now[key] or 0) - (before[key] or 0) - reported[report.month, key]
            for key in (*PARTS[form], "total", "counted")
        }
        if change := {key: persons for key, persons in differences.items() if persons}:
            months.append({"month": report.month, "change": change})
    return {"months": months} if months else None


def _sum_corrections(corrections: Iterable[dict[str, Any] | None]) -> Counter[tuple[int, str]]:
    """Changes already reported in a sealed month, by month and column."""
    changes: Counter[tuple[int, str]] = Counter()
    for correction in corrections:
        for entry in (correction or {}).get("months", ()):
            changes.update({(entry["month"], key): persons for key, persons in entry["change"].items()})
    return changes
