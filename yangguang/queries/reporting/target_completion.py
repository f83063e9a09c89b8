"""How much of each target is done: every school counts once, at the deepest row that names it. (R9.05, F-G1)"""

from collections import defaultdict

from yangguang.models import Unit
from yangguang.postgres.sql import fetch_all
from yangguang.queries.reporting.targets import TargetNode
from yangguang.rules.applicants.origins import StudyForm
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.reporting.targets import TARGET_2024

# 报到 by school; the scope of the target is the rules' business.
_CAME = """
SELECT u.path, l.programme_type, l.study_form, count(*)
FROM yangguang_admission AS a
JOIN yangguang_round AS r ON r.id = a.round_id
JOIN yangguang_season AS s ON s.id = r.season_id AND s.year = %(year)s
JOIN yangguang_unit AS u ON u.id = a.school_id AND u.sector = %(sector)s AND u.path LIKE %(path)s
JOIN yangguang_programme AS l ON l.id = a.programme_id
WHERE a.state = 'CHECKED_IN' GROUP BY u.path, l.programme_type, l.study_form
"""


def done_by_node(root: Unit, tree: TargetNode, year: int, sector: Sector) -> dict[int, int]:
    """Persons checked in for every row of the tree, by `id()` of the node; one query.

    A collective row such as 其他学校 takes what its siblings leave.
    """
    nodes = {node.unit: node for node in _all(tree) if node.unit is not None}
    own: dict[int, int] = defaultdict(int)
    for path, programme_type, form, persons in fetch_all(
        _CAME, {"year": year, "sector": sector.value, "path": f"{root.path}%"}
    ):
        if sector is Sector.EDUCATION and not TARGET_2024.counts(
            sector, ProgrammeType(programme_type), StudyForm(form)
        ):
            continue
        named = next(step for step in reversed(_steps(path)) if step in nodes)
        own[named] += persons
    done: dict[int, int] = {}
    _add_up(tree, own, done)
    return done


def _all(node: TargetNode) -> list[TargetNode]:
    return [node, *(below for child in node.children for below in _all(child))]


def _steps(path: str) -> list[int]:
    return [int(step) for step in path.strip("/").split("/")]


def _add_up(node: TargetNode, own: dict[int, int], done: dict[int, int]) -> int:
    mine = own.get(node.unit or 0, 0)
    total = mine + sum(_add_up(child, own, done) for child in node.children)
    for child in node.children:
        if child.unit is None:  # Whoever is named by no row of their own belongs to the collective one.
            done[id(child)] = mine
    done[id(node)] = total
    return total
