"""Persons counted as enrolled (招生数) at an instant, by school: the one number behind forms, targets and rates.
(R9.02, R9.03, F-G1, F-G2)
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from yangguang import clock
from yangguang.models import Unit
from yangguang.postgres.sql import fetch_all
from yangguang.queries.reporting.counts import NOT_QUARANTINED
from yangguang.queries.seasons.policy_rules import RulesInForce, rules_of_year
from yangguang.rules.applicants.origins import StudyForm
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.reporting.targets import Cell, Scope
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.policy_scope import Axis

# Checked in before an instant and not withdrawn by then: now, the steps CHECKED_IN and COUNTED. A person in an open
# duplicate case is not counted; when the case is settled, the months sealed meanwhile are corrected.
_CELLS = f"""
SELECT m.nth, u.path, u.sector, l.programme_type, l.study_form,
       count(*) FILTER (WHERE {NOT_QUARANTINED}) AS persons,
       count(*) FILTER (WHERE NOT {NOT_QUARANTINED}) AS quarantined
FROM unnest(%(instants)s::timestamptz[]) WITH ORDINALITY AS m(at, nth)
JOIN yangguang_admission AS a ON a.checked_in_at IS NOT NULL
JOIN yangguang_application AS p ON p.id = a.application_id
JOIN yangguang_season AS s ON s.id = p.season_id AND s.year = %(year)s
JOIN yangguang_unit AS u ON u.id = a.school_id
JOIN yangguang_programme AS l ON l.id = a.programme_id
WHERE a.checked_in_at < m.at AND u.path LIKE %(path)s
  AND (a.state = 'CHECKED_IN' OR (a.state = 'RELEASED' AND a.ended_at >= m.at))
GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
"""
_SET = """
SELECT DISTINCT u.path, p.path AS parent, t.sector
FROM yangguang_target AS t JOIN yangguang_unit AS u ON u.id = t.unit_id JOIN yangguang_unit AS p ON p.id = t.parent_id
WHERE t.year = %s
"""
_AREAS = "SELECT path, area_names(path) AS areas FROM unnest(%s::text[]) AS t(path)"


def count_enrolled(unit: Unit, year: int, instants: Sequence[datetime]) -> list[list[Cell]]:
    """Persons checked in by school, programme type and study form, at each instant; one query for all of them.

    Args:
        unit: an area or a school.
        year: intake year, spring and autumn together.
    """
    cells: list[list[Cell]] = [[] for _ in instants]
    for row in fetch_all(_CELLS, {"instants": list(instants), "year": year, "path": f"{unit.path}%"}):
        keys = Sector(row.sector), ProgrammeType(row.programme_type), StudyForm(row.study_form)
        cells[row.nth - 1].append(Cell(*keys, row.persons, row.quarantined, row.path))
    return cells


_KEYS = (
    policy_keys.PROGRAMME_TYPES,
    policy_keys.TARGET_TYPES,
    policy_keys.TARGET_FORMS,
    policy_keys.REPORT_TYPES,
    policy_keys.REPORT_SECTORS,
    policy_keys.REPORT_FORM,
)


def count_rules_of(year: int) -> RulesInForce:
    """The scopes and forms of an intake year: the rows in force on its last day, or now while it runs; one query."""
    return rules_of_year(year, clock.now(), *_KEYS)


class TargetScopes:
    """Whom the targets of a year count, by the area of the school and its sector."""

    def __init__(self, year: int) -> None:
        self.year = year
        self.rules = count_rules_of(year)
        self.all_types = frozenset(self.rules.get(policy_keys.PROGRAMME_TYPES).value)
        self._set = fetch_all(_SET, (year,))
        self._scopes: dict[tuple[str, Sector], Scope] = {}
        self._areas: dict[str, list[str]] = {}

    def learn_areas(self, paths: Sequence[str]) -> None:
        """Read in which areas these units lie; one query."""
        if unknown := sorted(set(paths) - set(self._areas)):
            self._areas |= {row.path: row.areas or [] for row in fetch_all(_AREAS, (unknown,))}

    def scope_of(self, path: str, sector: Sector) -> Scope:
        """Whom the target of a unit counts.

        Raises:
            Refused: a rule row is missing.
        """
        if (path, sector) not in self._scopes:
            self.learn_areas([path])
            case = {Axis.AREA: self._areas[path], Axis.SECTOR: [sector.label]}
            types = self.rules.get(policy_keys.TARGET_TYPES, case)
            forms = self.rules.get(policy_keys.TARGET_FORMS, case)
            self._scopes[path, sector] = Scope(
                frozenset({sector}), frozenset(types.value), frozenset(forms.value), types.citation, self.all_types
            )
        return self._scopes[path, sector]

    def select(self, cells: Iterable[Cell], unit: Unit, sectors: Collection[Sector]) -> list[Cell]:
        """The cells that a unit's targets of these sectors count, each by the rule of the area where the school lies.

        A school whose target is set above the unit counts there: a county's target does not contain the school in it
        that the city gave a target to. (R9.05)
        """
        within = [cell for cell in cells if cell.path.startswith(unit.path) and cell.sector in sectors]
        self.learn_areas([cell.path for cell in within])
        elsewhere = [
            (row.path, row.sector)
            for row in self._set
            if row.path.startswith(unit.path) and row.path != unit.path and _is_above(row.parent, unit)
        ]
        return [
            cell
            for cell in within
            if self.scope_of(cell.path, cell.sector).counts(*cell.kind)
            and not any(cell.path.startswith(path) and cell.sector == sector for path, sector in elsewhere)
        ]

    def count(self, cells: Iterable[Cell], unit: Unit, sectors: Collection[Sector]) -> int:
        """Persons of `select`."""
        return sum(cell.persons for cell in self.select(cells, unit, sectors))

    @property
    def used(self) -> list[Scope]:
        """Every scope that was asked for, none of them twice."""
        return sorted(set(self._scopes.values()), key=str)

    def describe(self, unit: Unit, sectors: Iterable[Sector]) -> str:
        """The scopes of a unit's targets of these sectors, in words."""
        return "；".join(str(self.scope_of(unit.path, sector)) for sector in sectors)


def _is_above(parent: str, unit: Unit) -> bool:
    return unit.path.startswith(parent) and unit.path != parent
