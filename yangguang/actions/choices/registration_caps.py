"""限制报名人数: a capped school is named by no more applicants than its measure says. (S24-4.05, R10.02)

Who named it before keeps it; whoever comes when the cap is reached is told so. Submissions that name a capped
school go one after the other, all others do not wait.
"""

from collections.abc import Mapping

from yangguang.postgres.locks import LockClass, take_lock
from yangguang.postgres.sql import fetch_one
from yangguang.rules.base.refusals import Refused

_NAMED = """
WITH theirs AS (
    SELECT array_agg(l.id) AS programmes FROM yangguang_programme AS l JOIN yangguang_plan AS p ON p.id = l.plan_id
    WHERE p.school_id = %(school)s AND p.season_id = %(season)s
)
SELECT count(*) FILTER (WHERE a.id <> %(application)s) AS others,
       coalesce(bool_or(a.id = %(application)s), false) AS names_it_already
FROM yangguang_application AS a, theirs
WHERE a.season_id = %(season)s AND a.state = 'CHOSEN' AND a.programmes && theirs.programmes
"""


def require_room(
    application: int, season: int, capped: Mapping[int, tuple[int, str, int]], *, lock: bool
) -> None:
    """Raise Refused about the first choice whose school has its full number of applicants.

    Args:
        capped: school → (most applicants, how the choice is called, its rank).
        lock: keep other submissions to these schools waiting until the transaction ends.
    """
    if lock:
        take_lock(LockClass.REGISTRATION_CAP, *capped)
    for school, (most, name, rank) in sorted(capped.items(), key=lambda item: item[1][2]):
        row = fetch_one(_NAMED, {"school": school, "season": season, "application": application})
        assert row is not None
        if row.others >= most and not row.names_it_already:
            raise Refused(
                f"第{rank}志愿“{name}”的学校报名人数已到限额{most}人",
                why="主管部门对这所学校作出了限制报名人数的处理",
                now="请改选其他学校；已报名的学生仍然有效",
                clause="处理措施：限制报名人数",
                where=f"choice-{rank}",
            )
