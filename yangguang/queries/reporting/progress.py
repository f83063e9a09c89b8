"""The progress of a season, by home, school, sector and programme type: one query each. (R9.01, R9.03, F-G6)"""

from collections.abc import Iterator
from dataclasses import dataclass

from yangguang.postgres.sql import Row, fetch_all
from yangguang.queries.reporting.counts import Population, select_members
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.reporting.steps import Step


@dataclass(frozen=True, slots=True)
class Progress:
    """Persons of one group at each step.

    Args:
        unit: row id of an area or school; None for a sector or programme type.
        group: the value of the sector or programme type; "" for a unit.
        persons: by step; None where persons are counted by school, which has them from the admission on.
        readable: by step, how many of them the reader may list.
    """

    unit: int | None
    group: str
    name: str
    persons: dict[Step, int | None]
    readable: dict[Step, int]

    def is_readable(self, step: Step) -> bool:
        """Whether the reader may list exactly the persons of this number, and there are some."""
        return self.persons[step] == self.readable[step] > 0


_NUMBERS = ", ".join(
    f"count(*) FILTER (WHERE f.{step}) AS {step}, count(*) FILTER (WHERE f.{step} AND f.is_readable) AS r_{step}"
    for step in Step
)
_BEFORE_ADMISSION = (Step.REGISTERED, Step.CHOSEN)
_LABELS = dict(Sector.choices() + ProgrammeType.choices())


def count_total(of: Population, by: Actor) -> Progress:
    """All persons of a population, in one group with the name of its unit."""
    members = select_members(of, by)
    query = f"SELECT %s::bigint AS unit, '' AS grouped, %s AS name, {_NUMBERS}"
    params = [of.unit.pk, of.unit.name, *members.source_params, *members.condition_params]
    (progress,) = _read(of, fetch_all(f"{query} FROM {members.source} WHERE {members.condition}", params))
    return progress


def count_by_home(of: Population, by: Actor) -> list[Progress]:
    """The areas below the unit by the homes of the students, in the order of their codes.

    The last row is the unit itself, for those whose home is in no area below (from another province).
    """
    members = select_members(of, by)
    query = f"""
        SELECT area.id AS unit, '' AS grouped, {_NUMBERS},
               CASE WHEN area.level = 'PROVINCE' THEN '外省户籍' ELSE area.name END AS name
        FROM {members.source}
        JOIN yangguang_unit AS area ON area.parent_id = %s AND h.path LIKE area.path || '%%'
            OR area.id = %s AND h.id = area.id
        WHERE {members.condition} GROUP BY area.id ORDER BY area.id = %s, area.code
    """
    unit = of.unit.pk
    return list(_read(of, fetch_all(query, [*members.source_params, unit, unit, *members.condition_params, unit])))


def count_by_school(of: Population, by: Actor) -> list[Progress]:
    """The schools of the unit, in the order of their codes."""
    members = select_members(of, by)
    query = f"""
        SELECT u.id AS unit, '' AS grouped, u.name, {_NUMBERS} FROM {members.source}
        WHERE {members.condition} GROUP BY u.id ORDER BY u.code
    """
    return list(_read(of, fetch_all(query, [*members.source_params, *members.condition_params])))


def count_by_sector(of: Population, by: Actor) -> list[Progress]:
    """The sectors of the schools; they add up to `count_total`."""
    return _count_by(of, by, "u.sector")


def count_by_programme_type(of: Population, by: Actor) -> list[Progress]:
    """The programme types of the admissions; they add up to `count_total`."""
    return _count_by(of, by, "f.programme_type")


def _count_by(of: Population, by: Actor, column: str) -> list[Progress]:
    members = select_members(of, by)
    query = f"""
        SELECT NULL::bigint AS unit, {column} AS grouped, {column} AS name, {_NUMBERS} FROM {members.source}
        WHERE {members.condition} GROUP BY {column}
    """
    groups = _read(of, fetch_all(query, [*members.source_params, *members.condition_params]))
    return sorted(groups, key=lambda group: list(_LABELS).index(group.group))


def _read(of: Population, rows: list[Row]) -> Iterator[Progress]:
    for row in rows:
        persons = {step: getattr(row, step) for step in Step}
        if of.at_school:
            persons |= dict.fromkeys(_BEFORE_ADMISSION)
        readable = {step: getattr(row, f"r_{step}") for step in Step}
        yield Progress(row.unit, row.grouped, _LABELS.get(row.name, row.name), persons, readable)
