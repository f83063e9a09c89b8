"""The numbers of Form C and Form P, computed from persons with the scope of each. (S23-A1.03, S24-A2.04, R9.03)"""

import itertools
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from yangguang.models import MonthlyReport, Unit
from yangguang.postgres.sql import fetch_all, fetch_one
from yangguang.queries.reporting.counts import CAME, Cell, cells
from yangguang.rules.base.refusals import Refused
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.organisation.sectors import Sector
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
"""Form C is the education bureau's own; Form P belongs to both sectors (note 2: HR hands its numbers over)."""

FormRow = dict[str, Any]
PARTS: dict[str, dict[str, frozenset[Any]]] = {
    CITY: dict(
        zip(("secondary", "three_plus_two", "five_year", "one_year"), FORM_C_COLUMNS.values(), strict=True)
    ),
    PROVINCE: dict(zip(("vocational", "technician"), FORM_P_COLUMNS.values(), strict=True)),
}
_SCOPE = {CITY: FORM_C_2024, PROVINCE: FORM_P_2023}

# A unit's target is what was handed down to it; a parent of which no level above spoke is the sum it hands down.
_TARGET = """
SELECT coalesce(
    (SELECT sum(number) FROM yangguang_target WHERE year = %(year)s AND unit_id = %(unit)s AND sector = ANY(%(sectors)s)),
    (SELECT sum(number) FROM yangguang_target WHERE year = %(year)s AND parent_id = %(unit)s AND sector = ANY(%(sectors)s))
)
"""
_HELD_BACK = """
SELECT count(DISTINCT a.person_id)
FROM yangguang_admission AS a
JOIN yangguang_season AS s ON s.year = %(year)s
JOIN yangguang_round AS r ON r.id = a.round_id AND r.season_id = s.id
JOIN yangguang_unit AS u ON u.id = a.school_id
JOIN yangguang_identitycase AS c ON c.state = 'OPEN' AND a.person_id IN (c.person_id, c.other_id)
WHERE a.state = 'CHECKED_IN' AND a.checked_in_at < %(at)s AND u.path LIKE %(path)s
"""
_PERSONS = f"""
SELECT a.id, u.sector, l.programme_type, l.study_form
FROM (SELECT %(at)s::timestamptz AS at) AS m
JOIN yangguang_admission AS a ON a.checked_in_at IS NOT NULL
JOIN yangguang_round AS r ON r.id = a.round_id
JOIN yangguang_season AS s ON s.id = r.season_id AND s.year = %(year)s
JOIN yangguang_unit AS u ON u.id = a.school_id
JOIN yangguang_programme AS l ON l.id = a.programme_id
WHERE {CAME} AND u.path LIKE %(path)s
ORDER BY u.code, a.id
"""
_SEALED = f"""
SELECT month, counted_to, rows::text, correction::text FROM yangguang_monthlyreport
WHERE form = %s AND unit_id = %s AND sector = %s AND year = %s AND month < %s
  AND state IN {render_states(report_states.FINAL)}
ORDER BY month
"""


def month_end(year: int, month: int) -> datetime:
    """The instant a month ends in Beijing, exclusive."""
    return start_of(date(year + month // 12, month % 12 + 1, 1))


def counted_day(instant: datetime) -> date:
    """The day printed as 截至: the last one the numbers contain."""
    return (instant.astimezone(SHANGHAI) - timedelta(microseconds=1)).date()


def target_of(unit: Unit, year: int, sectors: Iterable[Sector]) -> int | None:
    """任务数 of a unit in persons; None when nobody set one."""
    asked = {"year": year, "unit": unit.pk, "sectors": [sector.value for sector in sectors]}
    row = fetch_one(_TARGET, asked)
    return None if row is None or row[0] is None else int(row[0])


def form_rows(unit: Unit, form: str, year: int, instants: Sequence[datetime]) -> list[FormRow]:
    """The row of the form at each instant; the keys are those of the sheet's columns, plus `counted`.

    Returns:
        per instant: target (None without one), the parts, total, counted (persons in the scope of the target)
        and completion ("—" without a target).
    """
    target = target_of(unit, year, sorted(_SCOPE[form].sectors))
    return [_row(form, unit, target, found) for found in cells(unit, year, instants)]


def _row(form: str, unit: Unit, target: int | None, found: list[Cell]) -> FormRow:
    scope = _SCOPE[form]
    mine = [cell for cell in found if scope.counts(*cell[:3])]
    at = 1 if form == CITY else 0
    parts = {key: sum(cell[3] for cell in mine if cell[at] in group) for key, group in PARTS[form].items()}
    total, counted = scope.total(found), RATE_OF_FORM[scope.code].total(found)
    row: FormRow = {"target": target, **parts, "total": total, "counted": counted}
    if form == PROVINCE and unit.level == Unit.Level.SCHOOL and unit.sector == Sector.EDUCATION:
        # A secondary school has no such number; an empty cell says so, a 0 would not.
        row["technician"] = None
    row["completion"] = format_rate(completion_rate(counted, target))
    return row


def held_back(unit: Unit, year: int, at: datetime) -> int:
    """Persons checked in before `at` who are not counted because a duplicate case is open."""
    row = fetch_one(_HELD_BACK, {"year": year, "at": at, "path": f"{unit.path}%"})
    assert row is not None
    return int(row[0])


def shown_report(unit: Unit, form: str, year: int, month: int, at: datetime) -> MonthlyReport:
    """The form as it stands: the stored one, or counted now from persons and kept nowhere.

    Args:
        at: now; a month that still runs is counted up to it.
    Raises:
        Refused: the month lies ahead.
    """
    if at <= start_of(date(year, month, 1)):
        raise Refused("这个月还没有到", now="请选择已经开始的月份", where="month")
    sector = SECTOR_OF_FORM[form]
    kept: MonthlyReport | None = MonthlyReport.objects.filter(
        form=form, unit=unit, sector=sector, year=year, month=month
    ).first()
    if kept is not None:
        return kept
    counted_to = min(at, month_end(year, month))
    (row,) = form_rows(unit, form, year, [counted_to])
    row["held_back"] = held_back(unit, year, counted_to)
    return MonthlyReport(
        form=form, unit=unit, sector=sector, year=year, month=month, counted_to=counted_to, rows=[row],
        correction=correction(unit, form, year, month),
    )  # fmt: skip


def unit_named(name: str) -> Unit:
    """The area or school a form is asked for by name.

    Raises:
        Refused: there is none, or several.
    """
    rows = Unit.objects.exclude(level=Unit.Level.JUNIOR_SCHOOL).filter(name=name.strip().replace("\x00", ""))
    found = list(rows.order_by("code")[:2])
    if len(found) != 1:
        says = f"名为“{name}”的单位不止一个" if found else f"没有名为“{name}”的单位"
        raise Refused(says, now="请核对单位名称，须与名录一致", where="unit")
    one: Unit = found[0]
    return one


@dataclass(frozen=True, slots=True)
class Behind:
    """One person behind a number."""

    admission: int
    sector: str
    programme_type: str
    study_form: str


def persons_behind(report: MonthlyReport, column: str) -> list[int]:
    """Row ids of the admissions that make up one number of a form: every number opens its persons. (F-N10)

    Args:
        column: key of a part, "total" or "counted".
    """
    asked = {"at": report.counted_to, "year": report.year, "path": f"{report.unit.path}%"}
    rows = itertools.starmap(Behind, fetch_all(_PERSONS, asked))
    scope = _SCOPE[report.form]
    counts = RATE_OF_FORM[scope.code] if column == "counted" else scope
    group: frozenset[Any] | None = PARTS[report.form].get(column)
    field = "programme_type" if report.form == CITY else "sector"
    return [
        row.admission
        for row in rows
        if counts.counts(row.sector, row.programme_type, row.study_form)  # type: ignore[arg-type]
        and (group is None or getattr(row, field) in group)
    ]


def correction(unit: Unit, form: str, year: int, month: int) -> dict[str, Any] | None:
    """What changed in months already sealed and was not yet said; None when nothing did.

    Each sealed month is counted again as of its own instant and set against what was sealed, together with the
    corrections that later sealed months already carry.

    Returns:
        {"months": [{"month", "change": {column: persons}}, …]}.
    """
    # psycopg leaves JSON as text on Django's connections.
    sealed = [
        (of, counted_to, json.loads(rows)[0], json.loads(said or "null"))
        for of, counted_to, rows, said in fetch_all(
            _SEALED, (form, unit.pk, SECTOR_OF_FORM[form], year, month)
        )
    ]
    if not sealed:
        return None
    now = form_rows(unit, form, year, [counted_to for _, counted_to, _, _ in sealed])
    keys = [*PARTS[form], "total", "counted"]
    said = _said(one[3] for one in sealed)
    months = []
    for (of, _, row, _), recounted in zip(sealed, now, strict=True):
        change = {
            key: moved
            for key in keys
            if (moved := (recounted[key] or 0) - (row[key] or 0) - said.get((of, key), 0))
        }
        if change:
            months.append({"month": of, "change": change})
    return {"months": months} if months else None


def _said(corrections: Iterable[dict[str, Any] | None]) -> dict[tuple[int, str], int]:
    """Changes already printed in a sealed month, by month and column."""
    said: dict[tuple[int, str], int] = {}
    for entry in itertools.chain.from_iterable((one or {}).get("months", ()) for one in corrections):
        for key, persons in entry["change"].items():
            said[entry["month"], key] = said.get((entry["month"], key), 0) + persons
    return said
