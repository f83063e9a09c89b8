"""A file of own-test points against what is known here, and what a family sees of its own. (R3.10, F-B7)"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from yangguang.models import AptitudeTestResult, Programme
from yangguang.postgres.sql import fetch_all, fetch_one
from yangguang.rules.base.refusals import BadRows, Refused, WindowClosed
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.runs import run_states
from yangguang.rules.seasons.windows import format_closing

SCORES_THERE = """
CASE WHEN cardinality(a.scores) > 0 THEN array_prepend(a.scores[1] + coalesce(t.points, 0), a.scores[2:]::int[])
     ELSE '{}' END
"""
"""The scores of application `a` at the programme of `t`, as the run ranks them; see
`rules.applicants.aptitude_tests`."""
SHOWN = 200
"""Rows named one by one in a refusal; its first programme says how many there are."""


@dataclass(frozen=True, slots=True)
class AptitudeTestRow:
    """One programme of the file: `row` where it stands, from 1; `number` the 报名号; `points` what the test gave."""

    row: int
    number: str
    points: int


# The first ranked round that takes the programme decides: when its choices close, or a run of it has begun, it is over.
_LAST_INSTANT = f"""
SELECT min(w.closes_at), EXISTS (
    SELECT FROM yangguang_admissionrun AS run JOIN yangguang_roundprogramme AS l ON l.round_id = run.round_id
    WHERE l.programme_id = %(programme)s AND NOT run.is_what_if
      AND run.state NOT IN {render_states(run_states.WITHOUT_RESULT)})
FROM yangguang_roundprogramme AS l
JOIN yangguang_round AS r ON r.id = l.round_id AND r.kind IN ('ranked', 'supplementary_ranked')
LEFT JOIN effective_window(r.season_id, r.id, 'choices') AS w ON true
WHERE l.programme_id = %(programme)s
"""
_KNOWN = """
SELECT number, id FROM yangguang_application WHERE season_id = %s AND number = ANY(%s) AND state <> 'WITHDRAWN'
"""


def closes_at(programme: Programme, at: datetime) -> datetime | None:
    """Until when points of this programme may be loaded; None while no date is set.

    Raises:
        Refused: the plan is not public, the programme has no aptitude test, or a run has looked at it.
        WindowClosed: the choices of its round are over.
    """
    if programme.plan.state != "PUBLISHED" or not programme.aptitude_test_max:
        raise Refused(
            f"{programme.major}没有经审核公布的自主测试，不能加分",
            why="自主测试和最高加分随招生计划审核、公布，学生填报前就能看到",
            now="请核对所选的专业；需要的，下一季随计划一起上报",
        )
    closes, is_running = fetch_one(_LAST_INSTANT, {"programme": programme.pk}) or (None, False)
    if is_running:
        raise Refused(
            f"{programme.major}所在批次已经开始录取运算，不能再改加分",
            why="运算用的是封存的成绩和加分",
            now="如有错误，请联系组织录取的主管部门",
        )
    if closes is not None and at >= closes:
        raise WindowClosed(
            "报送自主测试加分已经截止",
            why=f"志愿填报{format_closing(closes)}，加分最晚同时报齐，此后与成绩、志愿一起封存",
            now="请联系组织录取的主管部门",
        )
    return closes


def judged(programme: Programme, rows: Sequence[AptitudeTestRow]) -> list[int]:
    """Row id of the application of each row, in the order of the file.

    Raises:
        BadRows: one sentence for every row that cannot be taken, with its number; nothing is taken then.
    """
    if not rows:
        raise BadRows("没有一行加分", [Refused("没有数据", where="第 1 行")], now="请填好后再上传")
    known: dict[str, int] = dict(fetch_all(_KNOWN, (programme.plan.season_id, [row.number for row in rows])))
    faults = list(_faults(programme, rows, known))
    if faults:
        raise BadRows(
            f"有 {len(faults)} 处错误，没有写入任何数据", faults[:SHOWN], now="请按提示改正后重新上传"
        )
    return [known[row.number] for row in rows]


def _faults(
    programme: Programme, rows: Sequence[AptitudeTestRow], known: dict[str, int]
) -> Iterator[Refused]:
    times = Counter(row.number for row in rows)
    for row in rows:
        where = f"第 {row.row} 行"
        if row.number not in known:
            yield Refused(f"报名号{row.number}不在本季的报名中", where=where, now="请核对报名号")
        elif times[row.number] > 1:
            yield Refused(f"报名号{row.number}出现了{times[row.number]}次", where=where, now="请每人只留一行")
        if not 0 <= row.points <= programme.aptitude_test_max:
            said = f"{programme.major}公布的最高加分是{programme.aptitude_test_max}分，这里是{row.points}分"
            yield Refused(said, where=where, now=f"请填0到{programme.aptitude_test_max}的整数")


def is_loaded(programme: Programme, digest: str) -> bool:
    """Whether the points in force at this programme come from this file."""
    return AptitudeTestResult.objects.filter(programme=programme, file_digest=digest).exists()


@dataclass(frozen=True, slots=True)
class OwnPoints:
    """What one family reads: how many points, where they count, and since when."""

    school: str
    major: str
    points: int
    recorded_at: datetime


_OWN = """
SELECT u.name, l.major, t.points, t.recorded_at FROM yangguang_aptitudetestresult AS t
JOIN yangguang_programme AS l ON l.id = t.programme_id JOIN yangguang_plan AS p ON p.id = l.plan_id
JOIN yangguang_unit AS u ON u.id = p.school_id WHERE t.application_id = %s ORDER BY l.code
"""


def own_points(application: int) -> list[OwnPoints]:
    """The points of one application (row id), with the school that reported them; one query."""
    return [OwnPoints(*row) for row in fetch_all(_OWN, (application,))]


@dataclass(frozen=True, slots=True)
class ProgrammePoints:
    """A programme of a school with an aptitude test: how many have points, and when they were last reported."""

    programme: Programme
    people: int
    newest: datetime | None


def programmes_with_test(programmes: Sequence[Programme]) -> list[ProgrammePoints]:
    """The programmes that have an aptitude test, with what was reported so far; one query."""
    tested = [programme for programme in programmes if programme.aptitude_test_max]
    rows = fetch_all(
        "SELECT programme_id, count(*), max(recorded_at) FROM yangguang_aptitudetestresult"
        " WHERE programme_id = ANY(%s) GROUP BY programme_id",
        ([programme.pk for programme in tested],),
    )
    found = {programme: (people, newest) for programme, people, newest in rows}
    return [ProgrammePoints(programme, *found.get(programme.pk, (0, None))) for programme in tested]
