"""The published lists of schools that may recruit: when, on which document, and which schools a file names.
(S23-2.09, S23-5.07, R1.04)
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yangguang.models import Qualification, Unit
from yangguang.postgres.sql import Row, fetch_all
from yangguang.queries.seasons.policy_rules import rule_at
from yangguang.rules.base.folding import fold_label, fold_number
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.rules.seasons import policy_keys

_PUBLICATIONS = """
SELECT q.year, u.sector, q.basis, q.as_of, q.published_at, count(*)::int AS schools
FROM yangguang_qualification AS q JOIN yangguang_unit AS u ON u.id = q.unit_id
WHERE q.published_at IS NOT NULL AND (%(year)s::int IS NULL OR q.year = %(year)s)
  AND (%(sector)s = '' OR u.sector = %(sector)s)
GROUP BY q.year, u.sector, q.basis, q.as_of, q.published_at
ORDER BY q.published_at DESC, u.sector LIMIT 50
"""


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of a list.

    Args:
        row: its number in the file, from 1. code, name: in any width and with any blanks; one may be "".
    """

    row: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ListComparison:
    """A list beside the published ones: schools to add, those that are listed already, and last year's left out."""

    added: list[Unit]
    remaining: list[Unit]
    left_out: list[Unit]


def list_publications(year: int | None = None, sector: str = "") -> list[Row]:
    """Each publication (year, sector, basis, as_of, published_at, schools), the newest first; at most 50.

    Args:
        year: None for every year. sector: "" for both.
    """
    return fetch_all(_PUBLICATIONS, {"year": year, "sector": sector})


def find_list_day(year: int, at: datetime) -> date:
    """The day on which a school must be qualified to be in the list of `year`.

    Raises:
        Refused: no rule row is in force.
    """
    return rule_at(at, policy_keys.QUALIFIED_AS_OF).value.of_year(year - 1)


def count_listed(schools: Sequence[Unit], year: int, as_of: date) -> int:
    """How many of these schools are in the published list of `year`, which is of the day `as_of`."""
    listed = Qualification.objects.filter(year=year, as_of=as_of, published_at__isnull=False)
    return listed.filter(unit__in=schools).count()


def compare_list(schools: Sequence[Unit], year: int, sector: str, as_of: date) -> ListComparison:
    """The schools of a list beside the lists of `year` and of the year before; one query."""
    listed = Qualification.objects.filter(year__in=(year - 1, year), published_at__isnull=False, unit__sector=sector)
    rows = list(listed.select_related("unit").order_by("unit__code"))
    now = {row.unit_id for row in rows if row.year == year and row.as_of == as_of}
    named = {school.pk for school in schools}
    return ListComparison(
        [school for school in schools if school.pk not in now],
        [school for school in schools if school.pk in now],
        [row.unit for row in rows if row.year == year - 1 and row.unit_id not in named | now],
    )


def find_schools(rows: Sequence[ListRow], sector: str) -> list[Unit]:
    """The schools of one sector that the rows name, by code; the code decides, and the name must agree with it.

    Raises:
        BadRows: a row that names no school, another one than its code, several, or one that another row names.
    """
    by_code, by_name = {}, defaultdict(list)
    for unit in Unit.objects.filter(level=Unit.Level.SCHOOL, sector=sector):
        by_code[fold_number(unit.code)] = unit
        by_name[fold_label(unit.name)].append(unit)
    schools: dict[int, Unit] = {}
    faults = []
    for row in rows:
        named, code = by_name.get(fold_label(row.name), []), fold_number(row.code)
        fitting = [unit for unit in named if not code or by_code.get(code) == unit] if row.name else []
        if code and not row.name:
            fitting = [by_code[code]] if code in by_code else []
        fault = _describe_fault(row, fitting, named)
        if not fault and fitting[0].pk in schools:
            fault = f"{fitting[0].name}在名单中出现不止一次"
        if fault:
            faults.append(Refused(fault, now="请核对学校代码和名称，须与平台的单位一致", where=f"第 {row.row} 行"))
        else:
            schools[fitting[0].pk] = fitting[0]
    if faults:
        raise BadRows(f"名单有 {len(faults)} 行对不上学校，没有公布", faults[:200], now="请改正后重新上传")
    return sorted(schools.values(), key=lambda unit: unit.code)


def _describe_fault(row: ListRow, fitting: Sequence[Unit], named: Sequence[Unit]) -> str:
    """Why the row does not name exactly one school, "" when it does."""
    if len(fitting) == 1:
        return ""
    if len(fitting) > 1:
        codes = "、".join(unit.code for unit in fitting[:3])
        return f"有{len(fitting)}所学校叫“{row.name}”（代码{codes}），请写明学校代码"
    if named:
        return f"代码“{row.code}”不是“{row.name}”的代码"
    return f"本主管线没有这所学校：{row.code or row.name}"
