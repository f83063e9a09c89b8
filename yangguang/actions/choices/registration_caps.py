"""限制报名人数: a capped school is chosen by no more applicants than its measure allows. (S24-4.05, R10.02)

Applicants who chose it before keep their choice; later ones are refused. Submissions with a capped school run one
after the other; all others do not wait.
"""

from collections.abc import Mapping

from yangguang.postgres.locks import LockClass, take_lock
from yangguang.postgres.sql import fetch_one
from yangguang.rules.base.refusals import Refused

_COUNT_APPLICANTS = """
WITH of_school AS (
    SELECT array_agg(l.id) AS programmes FROM yangguang_programme AS l JOIN yangguang_plan AS p ON p.id = l.plan_id
    WHERE p.school_id = %(school)s AND p.season_id = %(season)s
)
SELECT count(*) FILTER (WHERE a.id <> %(application)s) AS others,
       coalesce(bool_or(a.id = %(application)s), false) AS has_chosen
FROM yangguang_application AS a, of_school
WHERE a.season_id = %(season)s AND a.state = 'CHOSEN' AND a.programmes && of_school.programmes
"""


def require_room(application: int, season: int, capped: Mapping[int, tuple[int, str, int]], *, lock: bool) -> None:
    """Raise Refused about the first choice whose school has reached its cap.

    Args:
        application, season: row ids.
        capped: row id of the school → (cap in applicants, name of the choice, its rank from 1).
        lock: make other submissions to these schools wait until the transaction ends.
    """
    if lock:
        take_lock(LockClass.REGISTRATION_CAP, *capped)
    for school, (cap, name, rank) in sorted(capped.items(), key=lambda item: item[1][2]):
        row = fetch_one(_COUNT_APPLICANTS, {"school": school, "season": season, "application": application})
        assert row is not None
        if row.others >= cap and not row.has_chosen:
            raise Refused(
                f"第{rank}志愿“{name}”的学校报名人数已到限额{cap}人",
                why="主管部门对这所学校作出了限制报名人数的处理",
                now="请改选其他学校；已报名的学生仍然有效",
                clause="处理措施：限制报名人数",
                where=f"choice-{rank}",
            )
