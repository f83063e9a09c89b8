"""Publishing a run: placements become admissions with seats and messages, set by set, in the caller's transaction."""

from datetime import datetime
from typing import Any

from yangguang.actions.admissions.seats import SeatingResult, admit_many, lock_quotas
from yangguang.actions.messages.enqueue import enqueue_sql
from yangguang.actions.runs.lottery import reveal
from yangguang.models import AdmissionRun, Round
from yangguang.postgres.sql import SORT_IN_MEMORY, execute, fetch_all, fetch_one
from yangguang.queries.choices.choice_history import running_exceptions
from yangguang.queries.runs.transitions import require_hour
from yangguang.queries.seasons.windows import find_answer_deadline
from yangguang.queries.supervision.admission_limits import school_limits
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons.windows import format_closing, format_instant

_QUOTAS = """
SELECT b.id FROM yangguang_quota AS b JOIN yangguang_roundprogramme AS rl ON rl.programme_id = b.programme_id
WHERE rl.round_id = %(round)s
"""
_FLOWS = """
flows AS (
    SELECT b.id AS quota_id, sum(d.seats) AS seats
    FROM unnest(%(codes)s::text[], %(kinds)s::text[], %(moved)s::int[]) AS d(programme, kind, seats)
    JOIN yangguang_programme AS l ON l.code = d.programme
    JOIN yangguang_quota AS b ON b.programme_id = l.id AND b.code = d.kind
    GROUP BY b.id
)
"""
_OFFERS = """
SELECT a.number, a.id AS application_id, a.person_id, p.root_id,
       plan.school_id, l.id AS programme_id, s.quota_id, s.rank, s.run_id, NULL::bigint AS imported_id
FROM yangguang_placement AS s
JOIN yangguang_application AS a ON a.id = s.application_id
JOIN yangguang_person AS p ON p.id = a.person_id
JOIN yangguang_programme AS l ON l.id = s.programme_id
JOIN yangguang_plan AS plan ON plan.id = l.plan_id
WHERE s.run_id = %(run)s AND NOT l.code = ANY(%(held_back)s)
"""
# Seats asked for by people who do not hold one by now, against what the quota has after its flows.
_SHORT = f"""
WITH {_FLOWS.strip()}, offers AS ({_OFFERS}), wanted AS (
    SELECT o.quota_id, count(*) AS seats FROM offers AS o
    WHERE NOT EXISTS (SELECT 1 FROM live_claim AS c
                      WHERE c.person_root_id = o.root_id AND c.intake_year = %(year)s)
    GROUP BY o.quota_id
)
SELECT DISTINCT l.code FROM yangguang_quota AS b
JOIN yangguang_programme AS l ON l.id = b.programme_id
JOIN yangguang_roundprogramme AS rl ON rl.programme_id = l.id AND rl.round_id = %(round)s
LEFT JOIN flows ON flows.quota_id = b.id LEFT JOIN wanted ON wanted.quota_id = b.id
WHERE b.taken + coalesce(wanted.seats, 0) > b.seats + coalesce(flows.seats, 0)
ORDER BY l.code
"""
_FLOW = f"""
WITH {_FLOWS.strip()}
UPDATE yangguang_quota AS b SET seats = b.seats + flows.seats FROM flows WHERE b.id = flows.quota_id
"""
_CHOSEN_SINCE = """
SELECT count(DISTINCT application_id) FROM yangguang_choiceversion WHERE round_id = %s AND recorded_at > %s
"""
_STOPPED = """
SELECT DISTINCT l.code FROM yangguang_placement AS s
JOIN yangguang_programme AS l ON l.id = s.programme_id JOIN yangguang_plan AS p ON p.id = l.plan_id
WHERE s.run_id = %(run)s AND p.school_id = ANY(%(stopped)s) ORDER BY l.code
"""
# One message per person and run: a second publication of the same run finds them all told.
_TELL = enqueue_sql("""
SELECT a.person_id, 'run.publish' AS event, %(subject)s::text AS subject,
       CASE WHEN m.id IS NOT NULL THEN format(%(admitted)s, u.name, l.major)
            WHEN l.code = ANY(%(held_back)s) THEN %(reviewed)s
            WHEN s.programme_id IS NOT NULL THEN %(seated)s ELSE %(missed)s END AS text
FROM yangguang_placement AS s
JOIN yangguang_application AS a ON a.id = s.application_id
LEFT JOIN yangguang_programme AS l ON l.id = s.programme_id
LEFT JOIN yangguang_plan AS p ON p.id = l.plan_id
LEFT JOIN yangguang_unit AS u ON u.id = p.school_id
LEFT JOIN yangguang_admission AS m ON m.application_id = a.id AND m.run_id = s.run_id
WHERE s.run_id = %(run)s AND s.codes[1] <> 'barred:has_seat'
ORDER BY a.person_id
""")
# A programme held back keeps its seats from whoever comes first, until a later round by rank publishes it.
_HOLD = """
UPDATE yangguang_roundprogramme AS rl SET held_back = l.code = ANY(%(held_back)s)
FROM yangguang_roundprogramme AS mine JOIN yangguang_programme AS l ON l.id = mine.programme_id
WHERE mine.round_id = %(round)s AND rl.programme_id = mine.programme_id
  AND CASE WHEN l.code = ANY(%(held_back)s) THEN rl.id = mine.id ELSE rl.held_back END
"""


def publish(run: AdmissionRun, at: datetime) -> SeatingResult:
    """RoleAssignment everyone the run placed, tell everyone who took part, and open the seed.

    Raises:
        Refused: before the publication window, or seats or schools have gone since the input was frozen.
    """
    round = Round.objects.select_related("season").get(pk=run.round_id)
    require_hour(round, at)
    _require_same_choices(run, round, at)
    params = _params(run, round)
    fetch_all(SORT_IN_MEMORY)
    lock_quotas(_QUOTAS, params)
    _require_seats(params, at)
    execute(_FLOW, params)
    execute(_HOLD, params)
    answer_by = find_answer_deadline(round, at)
    taken = admit_many(_OFFERS, params, year=round.season.year, round=round.pk, at=at, answer_by=answer_by)
    # The planner must not take the new rows of a province for none.
    execute("ANALYZE yangguang_admission, yangguang_seatclaim")
    _tell(run, round, params, answer_by)
    reveal(round)
    return taken


def _params(run: AdmissionRun, round: Round) -> dict[str, Any]:
    held_back = run.report["held_back"]
    # A flow is two changes: the giver's seats go down, the taker's up. They stay within the programme.
    flows = [flow for flow in run.report["flows"] if flow[0] not in held_back]
    return {
        "run": run.pk,
        "round": round.pk,
        "year": round.season.year,
        "held_back": held_back,
        "codes": [programme for programme, _, _, _ in flows for _ in range(2)],
        "kinds": [kind for _, giver, taker, _ in flows for kind in (giver, taker)],
        "moved": [change for _, _, _, seats in flows for change in (-seats, seats)],
    }


def _require_same_choices(run: AdmissionRun, round: Round, at: datetime) -> None:
    """Choices that came after the freeze (a free re-choice after a stop, a restored list) are not in this result."""
    row = fetch_one(_CHOSEN_SINCE, (round.pk, run.began_at))
    late, until = running_exceptions(round, at)
    if row is not None and row[0]:
        raise Refused(f"运算开始之后，又有{row[0]}人的志愿有了变化", why="录取必须以全部有效志愿为准", now="请重新运算")
    if late and until is not None:
        raise Refused(
            f"还有{late}人可以改志愿，最晚到{format_closing(until)}",
            why="录取必须以全部有效志愿为准",
            now="请到期后重新运算",
        )


def _require_seats(params: dict[str, Any], at: datetime) -> None:
    stopped = [school for school, most in school_limits(at).items() if most == 0]
    if codes := _codes(_STOPPED, params | {"stopped": stopped}):
        raise Refused(
            f"运算之后，有学校被停止招生，涉及计划行{codes}", why="停止招生的学校不能再录取新生", now="请重新运算"
        )
    if codes := _codes(_SHORT, params):
        raise Refused(
            f"运算之后，计划行{codes}的名额减少了，按这次结果会超计划录取", why="录取不能超过名额", now="请重新运算"
        )


def _codes(sql: str, params: dict[str, Any]) -> str:
    codes = [code for (code,) in fetch_all(sql, params)]
    return "、".join(codes[:5]) + (f"等{len(codes)}个" if len(codes) > 5 else "")


def _tell(run: AdmissionRun, round: Round, params: dict[str, Any], answer_by: datetime | None) -> None:
    until = "" if answer_by is None else f"，请于{format_instant(answer_by, closing=True)}前登录应答"
    name = round.name.replace("%", "%%")
    texts = {
        "subject": f"run:{run.public_id}",
        "admitted": f"【阳光招生】{name}结果已公布：您被%s%s专业录取{until}。",
        "missed": f"【阳光招生】{round.name}结果已公布：您本批次未被录取，登录可查看每个志愿的理由，并可参加补录。",
        "reviewed": f"【阳光招生】{round.name}结果已公布：您填报的一个专业还在复核，结果暂缓公布，请留意后续通知。",
        "seated": f"【阳光招生】{round.name}结果已公布：您本年度已占用一个名额，本批次不再录取。",
    }
    execute(_TELL, params | texts)
