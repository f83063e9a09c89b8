"""Points of aptitude tests: checks of a file, the points of a family and of a school. (R3.10, F-B7)"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from yangguang.models import Application, AptitudeTestResult, Programme
from yangguang.postgres.sql import fetch_one
from yangguang.rules.applicants import application_states
from yangguang.rules.base.refusals import BadRows, Refused, WindowClosed
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.runs import run_states
from yangguang.rules.seasons.windows import format_closing

SCORES_THERE = """
CASE WHEN cardinality(a.scores) > 0 THEN array_prepend(a.scores[1] + coalesce(t.points, 0), a.scores[2:]::int[])
     ELSE '{}' END
"""
"""The scores of application `a` at the programme of `t`, as the run ranks them.

See `rules.applicants.aptitude_tests.add_points`.
"""
MAX_FAULTS = 200
"""Faults listed one by one in a refusal; its first sentence gives their number."""


@dataclass(frozen=True, slots=True)
class AptitudeTestRow:
    """One row of the file: its position from 1, the 报名号, and the points of the test."""

    row: int
    number: str
    points: int


# Points are accepted until the choices of the first ranked round with the programme close, or a run of it has begun.
_LAST_INSTANT = f"""
SELECT min(w.closes_at) AS closes_at, EXISTS (
    SELECT FROM yangguang_admissionrun AS run JOIN yangguang_roundprogramme AS l ON l.round_id = run.round_id
    WHERE l.programme_id = %(programme)s AND NOT run.is_what_if
      AND run.state NOT IN {render_states(run_states.WITHOUT_RESULT)}) AS is_running
FROM yangguang_roundprogramme AS l
JOIN yangguang_round AS r ON r.id = l.round_id AND r.kind IN ('ranked', 'supplementary_ranked')
LEFT JOIN effective_window(r.season_id, r.id, 'choices') AS w ON true
WHERE l.programme_id = %(programme)s
"""


def require_loadable(programme: Programme, at: datetime) -> None:
    """Check that points of this programme may be loaded at `at`.

    Raises:
        Refused: the plan is not public, the programme has no aptitude test, or a run has begun.
        WindowClosed: the choices of its round are over.
    """
    if programme.plan.state != "PUBLISHED" or not programme.aptitude_test_max:
        raise Refused(
            f"{programme.major}没有经审核公布的自主测试，不能加分",
            why="自主测试和最高加分随招生计划审核、公布，学生填报前就能看到",
            now="请核对所选的专业；需要的，下一季随计划一起上报",
        )
    limit = fetch_one(_LAST_INSTANT, {"programme": programme.pk})
    assert limit is not None
    if limit.is_running:
        raise Refused(
            f"{programme.major}所在批次已经开始录取运算，不能再改加分",
            why="运算用的是封存的成绩和加分",
            now="如有错误，请联系组织录取的主管部门",
        )
    if limit.closes_at is not None and at >= limit.closes_at:
        raise WindowClosed(
            "报送自主测试加分已经截止",
            why=f"志愿填报{format_closing(limit.closes_at)}，加分最晚同时报齐，此后与成绩、志愿一起封存",
            now="请联系组织录取的主管部门",
        )


def find_applications(programme: Programme, rows: Sequence[AptitudeTestRow]) -> list[int]:
    """Row id of the application of each row, in the order of the file.

    Raises:
        BadRows: one sentence for each fault, with the number of its row.
    """
    if not rows:
        raise BadRows("没有一行加分", [Refused("没有数据", where="第 1 行")], now="请填好后再上传")
    known = Application.objects.filter(season=programme.plan.season_id, number__in=[row.number for row in rows])
    ids = dict(known.exclude(state=application_states.WITHDRAWN).values_list("number", "pk"))
    faults = list(_find_faults(programme, rows, ids))
    if faults:
        what = f"有 {len(faults)} 处错误，没有写入任何数据"
        raise BadRows(what, faults[:MAX_FAULTS], now="请按提示改正后重新上传")
    return [ids[row.number] for row in rows]


def _find_faults(programme: Programme, rows: Sequence[AptitudeTestRow], ids: dict[str, int]) -> Iterator[Refused]:
    times = Counter(row.number for row in rows)
    for row in rows:
        where = f"第 {row.row} 行"
        if row.number not in ids:
            yield Refused(f"报名号{row.number}不在本季的报名中", where=where, now="请核对报名号")
        elif times[row.number] > 1:
            yield Refused(f"报名号{row.number}出现了{times[row.number]}次", where=where, now="请每人只留一行")
        if not 0 <= row.points <= programme.aptitude_test_max:
            what = f"{programme.major}公布的最高加分是{programme.aptitude_test_max}分，这里是{row.points}分"
            yield Refused(what, where=where, now=f"请填0到{programme.aptitude_test_max}的整数")


def own_points(application: Application) -> QuerySet[AptitudeTestResult]:
    """The points of one application, with the programme and the school that reported them."""
    rows: QuerySet[AptitudeTestResult] = AptitudeTestResult.objects.filter(application=application)
    return rows.select_related("programme__plan__school").order_by("programme__code")
