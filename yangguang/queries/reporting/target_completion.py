"""How many persons of each target have checked in: each school counts in the lowest row that names it. (R9.05, F-G1)"""

from collections import defaultdict

from yangguang.models import Unit
from yangguang.postgres.sql import fetch_all
from yangguang.queries.reporting.targets import TargetNode
from yangguang.rules.applicants.origins import StudyForm
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.reporting.targets import TARGET_2024

_CHECKED_IN = """
SELECT u.path, l.programme_type, l.study_form, count(*) AS persons
FROM yangguang_admission AS a
JOIN yangguang_round AS r ON r.id = a.round_id
JOIN yangguang_season AS s ON s.id = r.season_id AND s.year = %(year)s
JOIN yangguang_unit AS u ON u.id = a.school_id AND u.sector = %(sector)s AND u.path LIKE %(path)s
JOIN yangguang_programme AS l ON l.id = a.programme_id
WHERE a.state = 'CHECKED_IN' GROUP BY u.path, l.programme_type, l.study_form
"""


def count_done(root: Unit, tree: TargetNode, year: int, sector: Sector) -> dict[int, int]:
    """Persons checked in for every row of the tree, by `id()` of the node; one query.

    A collective row such as 其他学校 gets the persons of its parent that no other row has.
    """
    units = {node.unit for node in tree.with_descendants() if node.unit is not None}
    by_unit: dict[int, int] = defaultdict(int)
    for row in fetch_all(_CHECKED_IN, {"year": year, "sector": sector.value, "path": f"{root.path}%"}):
        programme_type, study_form = ProgrammeType(row.programme_type), StudyForm(row.study_form)
        if sector is Sector.LABOUR or TARGET_2024.counts(sector, programme_type, study_form):
            steps = [int(step) for step in row.path.strip("/").split("/")]
            by_unit[next(step for step in reversed(steps) if step in units)] += row.persons
    done: dict[int, int] = {}
    _add_up(tree, by_unit, done)
    return done


def _add_up(node: TargetNode, by_unit: dict[int, int], done: dict[int, int]) -> int:
    own = by_unit.get(node.unit or 0, 0)
    done[id(node)] = own + sum(_add_up(child, by_unit, done) for child in node.children)
    for child in node.children:
        if child.unit is None:
            done[id(child)] = own
    return done[id(node)]
