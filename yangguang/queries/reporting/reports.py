"""The numbers of Form C and Form P, computed from persons with the scope of each. (S23-A1.03, S24-A2.04, R9.03)"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from itertools import zip_longest
from typing import Any

from yangguang.models import MonthlyReport, TechnicianCount, Unit
from yangguang.postgres.sql import fetch_all
from yangguang.queries.reporting.enrolment import TargetScopes, count_enrolled, count_rules_of
from yangguang.queries.reporting.targets import targets_of
from yangguang.queries.seasons.policy_rules import Rule, RulesInForce, rules_at_instants
from yangguang.rules.applicants.origins import StudyForm
from yangguang.rules.base.refusals import Refused
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.reporting import report_states
from yangguang.rules.reporting.filing import due_at
from yangguang.rules.reporting.forms import TECHNICIAN, FormShape, read_report_form
from yangguang.rules.reporting.targets import Cell, Scope, completion_rate, format_rate
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.policy_scope import Axis
from yangguang.rules.seasons.windows import SHANGHAI, start_of

CITY, PROVINCE = MonthlyReport.Form.CITY.value, MonthlyReport.Form.PROVINCE.value
SECTOR_OF_FORM = {CITY: Sector.EDUCATION.value, PROVINCE: ""}
"""Form C is for the education sector; Form P for both (note 2: the HR bureau hands over its numbers)."""

FormRow = dict[str, Any]
_LEVEL = {CITY: "市级", PROVINCE: "省级"}
NO_TECHNICIANS = "本地没有技工学校"
NOT_HANDED_OVER = "技工学校招生数还没有由人社部门移交，未计入"

_SEALED = f"""
SELECT month, counted_to, shape::text, rows::text, correction::text FROM yangguang_monthlyreport
WHERE form = %s AND unit_id = %s AND sector = %s AND year = %s AND month < %s
  AND state IN {render_states(report_states.FINAL)}
ORDER BY month
"""


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
    """任务数 of a unit over these sectors, in persons; None without one."""
    targets = targets_of([unit.pk], year).get(unit.pk, {})
    return sum_known(targets.get(sector) for sector in sectors)


def find_due_at(form: str, year: int, month: int) -> datetime | None:
    """Until when, exclusive, the form of a month is due; None for a month before the first rule of a day."""
    return find_due_instants(form, year, [month])[month]


def find_due_instants(form: str, year: int, months: Iterable[int]) -> dict[int, datetime | None]:
    """By month, until when, exclusive, its form is due, as `find_due_at`; one query."""
    begins = {month: start_of(date(year, month, 1)) for month in months}
    rules, level = rules_at_instants(begins.values(), policy_keys.REPORT_DUE_DAY), {Axis.LEVEL: [_LEVEL[form]]}
    by_month = {month: rules[first].find(policy_keys.REPORT_DUE_DAY, level) for month, first in begins.items()}
    return {month: due_at(year, month, rule.value) if rule else None for month, rule in by_month.items()}


def list_sealed_months(report: MonthlyReport) -> list[int]:
    """The months of the same form, unit and year that are sealed."""
    same = {name: getattr(report, name) for name in ("form", "unit_id", "sector", "year")}
    return list(MonthlyReport.objects.filter(**same, state__in=report_states.FINAL).values_list("month", flat=True))


def sum_known(numbers: Iterable[int | None]) -> int | None:
    """The sum of the numbers that are known; None without one."""
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def form_scope(form: str, rules: RulesInForce) -> Scope:
    """Whom the total of a form counts.

    Raises:
        Refused: a rule row is missing.
    """
    case = {Axis.LEVEL: [_LEVEL[form]]}
    types = rules.get(policy_keys.REPORT_TYPES, case)
    sectors = rules.get(policy_keys.REPORT_SECTORS, case)
    every = frozenset(rules.get(policy_keys.PROGRAMME_TYPES).value)
    return Scope(frozenset(sectors.value), frozenset(types.value), frozenset(StudyForm), types.citation, every)


def find_form(form: str, rules: RulesInForce) -> Rule[FormShape]:
    """What is printed on a form of the year of these rules, and by which notice.

    Raises:
        Refused: the rule row is missing.
    """
    return rules.get(policy_keys.REPORT_FORM, {Axis.LEVEL: [_LEVEL[form]]})


def shape_of(report: MonthlyReport) -> FormShape:
    """What is printed on a report: as it was computed, whatever the rule row is now."""
    return read_report_form(report.shape)


def find_technician_count(unit: Unit, year: int, month: int) -> TechnicianCount | None:
    """The number of students of technician schools last handed over by the unit's labour bureau for the month."""
    rows = TechnicianCount.objects.filter(unit=unit, year=year, month=month).select_related("by_account")
    row: TechnicianCount | None = rows.order_by("-pk").first()
    return row


def count_technicians(unit: Unit, year: int, at: datetime) -> tuple[int, int]:
    """The students of technician schools at an instant: those Form P counts, and those whom the target counts."""
    scopes = TargetScopes(year)
    labour = _list_technicians(unit, year, at)
    return form_scope(PROVINCE, scopes.rules).total(labour), scopes.count(labour, unit, [Sector.LABOUR])


def count_technicians_below(unit: Unit, year: int, at: datetime, paths: Iterable[str]) -> dict[str, int]:
    """Those Form P counts of `count_technicians`, of each unit of these paths at or below `unit`; two queries."""
    cells, scope = _list_technicians(unit, year, at), form_scope(PROVINCE, count_rules_of(year))
    return {path: scope.total(cell for cell in cells if cell.path.startswith(path)) for path in paths}


def _list_technicians(unit: Unit, year: int, at: datetime) -> list[Cell]:
    (cells,) = count_enrolled(unit, year, [at])
    return [cell for cell in cells if cell.sector == Sector.LABOUR]


def form_rows(
    unit: Unit,
    form: str,
    year: int,
    instants: Sequence[datetime],
    months: Sequence[int] = (),
    shapes: Sequence[FormShape] = (),
) -> list[FormRow]:
    """The row of the form at each instant; the keys are those of the sheet's columns, and some more.

    Args:
        months: the month of each instant. A form of an area with a column of technician schools has the number that
            the labour bureau handed over for the month, as it was handed over; without one the cell is None and
            counts nothing.
        shapes: the columns of each instant; those of the year's form when left out.

    Returns:
        per instant: target (None without one), the parts, total, counted (persons whom the target counts),
        completion ("—" without a target), held_back (persons not counted because a duplicate case is open), and
        total_scope and rate_scope in words.
    """
    scopes, targets = TargetScopes(year), targets_of([unit.pk], year).get(unit.pk, {})
    shapes = shapes or [find_form(form, scopes.rules).value] * len(instants)
    whole, handed_over = form_scope(form, scopes.rules), _handed_over(unit, year, months, shapes)
    counted = count_enrolled(unit, year, instants)
    return [
        _form_row(whole, shape, unit, targets, scopes, cells, handed_over.get(month))
        for cells, shape, month in zip_longest(counted, shapes, months)
    ]


def _handed_over(
    unit: Unit, year: int, months: Sequence[int], shapes: Sequence[FormShape]
) -> dict[int, TechnicianCount]:
    """By month, the number for the column of technician schools, where one of the forms has it."""
    if not any(TECHNICIAN in shape.parts for shape in shapes):
        return {}
    rows = TechnicianCount.objects.filter(unit=unit, year=year, month__in=months).order_by("pk")
    return {row.month: row for row in rows}


def _form_row(
    whole: Scope,
    shape: FormShape,
    unit: Unit,
    targets: dict[Sector, int],
    scopes: TargetScopes,
    cells: list[Cell],
    number: TechnicianCount | None,
) -> FormRow:
    # Only a technician school counts its students itself; an area has the number its labour bureau handed over.
    takes_number = TECHNICIAN in shape.parts and unit.sector != Sector.LABOUR
    labour = number if takes_number else None
    own = replace(whole, sectors=whole.sectors - {Sector.LABOUR}) if takes_number else whole
    scope = whole if labour else own
    # A rate divides like by like: only the sectors that have a target, and of them only whom the target counts.
    sectors = [sector for sector in Sector if sector in scope.sectors]
    rated = [sector for sector in sectors if sector in targets] or sectors
    target, counted = sum_known(targets.get(sector) for sector in rated), own.sectors & {*rated}
    row: FormRow = {"target": target, "total": own.total(cells), "counted": scopes.count(cells, unit, counted)}
    for key in shape.parts:
        row[key] = own.total(cell for cell in cells if key in shape.parts_of(cell.kind))
    if takes_number:
        row[TECHNICIAN] = labour.number if labour else None
    if labour:
        row["total"] += labour.number
        row["counted"] += labour.counted if Sector.LABOUR in rated else 0
    row["completion"] = format_rate(completion_rate(row["counted"], target))
    row["held_back"] = sum(cell.quarantined for cell in cells if scope.counts(*cell.kind))
    total_scope = str(scope)
    if scope != whole and unit.level != Unit.Level.SCHOOL:
        total_scope += f"。{NOT_HANDED_OVER if _has_technicians(unit) else NO_TECHNICIANS}"
    return row | {"total_scope": total_scope, "rate_scope": scopes.describe(unit, rated)}


def _has_technicians(unit: Unit) -> bool:
    """Whether a technician school lies in the area."""
    schools = Unit.objects.filter(path__startswith=unit.path, level=Unit.Level.SCHOOL)
    return schools.filter(sector=Sector.LABOUR.value).exists()


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
    """The computed fields of a report: its form, its row as of `counted_to`, and the correction."""
    rule = find_form(form, count_rules_of(year))
    return {
        "counted_to": counted_to,
        "shape": asdict(rule.value),
        "shape_source": rule.citation,
        "rows": form_rows(unit, form, year, [counted_to], [month], [rule.value]),
        "correction": compute_correction(unit, form, year, month),
    }


def compute_correction(unit: Unit, form: str, year: int, month: int) -> dict[str, Any] | None:
    """The changes in months already sealed that no sealed month reports yet; None when there are none.

    Each sealed month is counted again as of its instant, in the columns that it had, and compared with the sealed
    numbers plus the corrections in later sealed months.

    Returns:
        {"months": [{"month", "change": {column: persons}}, …]}.
    """
    sealed = fetch_all(_SEALED, (form, unit.pk, SECTOR_OF_FORM[form], year, month))
    if not sealed:
        return None
    reported = _sum_corrections(json.loads(report.correction or "null") for report in sealed)
    shapes = [read_report_form(json.loads(report.shape)) for report in sealed]
    instants, sealed_months = zip(*((report.counted_to, report.month) for report in sealed), strict=True)
    recounted = form_rows(unit, form, year, instants, sealed_months, shapes)
    months = []
    for report, shape, now in zip(sealed, shapes, recounted, strict=True):
        (before,) = json.loads(report.rows)
        differences = {
            key: (now[key] or 0) - (before[key] or 0) - reported[report.month, key]
            for key in (*shape.parts, "total", "counted")
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
