"""Publishing a run: placements become admissions with seats and messages, set by set, in the caller's transaction."""

from datetime import datetime

from yangguang.actions.admissions.seats import SeatingResult, admit_many, lock_quotas
from yangguang.actions.messages.enqueue import enqueue_sql
from yangguang.actions.runs.lottery import reveal
from yangguang.actions.runs.verification import require_intact
from yangguang.models import AdmissionRun, Round
from yangguang.postgres.sql import SORT_IN_MEMORY, execute, fetch_all
from yangguang.queries.choices.choice_history import running_exceptions
from yangguang.queries.runs.later_rounds import SENTENCES, bind_sentences
from yangguang.queries.runs.transitions import require_publication_time
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
# Seats for applicants who have none yet, against what the quota has after its flows.
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
SELECT count(DISTINCT application_id) AS persons FROM yangguang_choiceversion WHERE round_id = %s AND recorded_at > %s
"""
_STOPPED = """
SELECT DISTINCT l.code FROM yangguang_placement AS s
JOIN yangguang_programme AS l ON l.id = s.programme_id JOIN yangguang_plan AS p ON p.id = l.plan_id
WHERE s.run_id = %(run)s AND p.school_id = ANY(%(stopped)s) ORDER BY l.code
"""
# One message per person and run.
_MESSAGES = enqueue_sql(f"""
SELECT a.person_id, 'run.publish' AS event, %(subject)s::text AS subject,
       CASE WHEN m.id IS NOT NULL THEN format(%(admitted)s, u.name, l.major)
            WHEN l.code = ANY(%(held_back)s) THEN %(reviewed)s
            WHEN s.programme_id IS NOT NULL THEN %(seated)s ELSE %(missed)s || later.sentence END AS text
FROM yangguang_placement AS s
JOIN yangguang_application AS a ON a.id = s.application_id
JOIN {SENTENCES} ON later.origin = a.origin
LEFT JOIN yangguang_programme AS l ON l.id = s.programme_id
LEFT JOIN yangguang_plan AS p ON p.id = l.plan_id
LEFT JOIN yangguang_unit AS u ON u.id = p.school_id
LEFT JOIN yangguang_admission AS m ON m.application_id = a.id AND m.run_id = s.run_id
WHERE s.run_id = %(run)s AND s.codes[1] <> 'barred:has_seat'
ORDER BY a.person_id
""")
# The seats of a withheld programme stay closed to direct enrolment until a later round by rank publishes it.
_WITHHOLD = """
UPDATE yangguang_roundprogramme AS rl SET withheld = l.code = ANY(%(held_back)s)
FROM yangguang_roundprogramme AS own JOIN yangguang_programme AS l ON l.id = own.programme_id
WHERE own.round_id = %(round)s AND rl.programme_id = own.programme_id
  AND CASE WHEN l.code = ANY(%(held_back)s) THEN rl.id = own.id ELSE rl.withheld END
"""


def publish(run: AdmissionRun, at: datetime) -> SeatingResult:
    """Admit everyone the run placed, send a message to everyone who took part, and reveal the seed.

    Raises:
        Refused: before the publication window, the stored list is not the one that was verified, or choices, seats or
            schools have changed since the input was frozen.
    """
    round = Round.objects.select_related("season").get(pk=run.round_id)
    require_publication_time(round, at)
    require_intact(run)
    _require_same_choices(run, round, at)
    params = _params(run, round)
    fetch_all(SORT_IN_MEMORY)
    lock_quotas(_QUOTAS, params)
    _require_seats(params, at)
    execute(_FLOW, params)
    execute(_WITHHOLD, params)
    answer_by = find_answer_deadline(round, at)
    result = admit_many(_OFFERS, params, year=round.season.year, round=round.pk, at=at, answer_by=answer_by)
    # The planner must not take the new rows of a province for none.
    execute("ANALYZE yangguang_admission, yangguang_seatclaim")
    _send_messages(run, round, params, answer_by, at)
    reveal(round)
    return result


def _params(run: AdmissionRun, round: Round) -> dict[str, object]:
    withheld = run.report["held_back"]
    # A flow is two changes within a programme: the giver's seats go down, the taker's up.
    flows = [flow for flow in run.report["flows"] if flow[0] not in withheld]
    return {
        "run": run.pk,
        "round": round.pk,
        "year": round.season.year,
        "held_back": withheld,
        "codes": [programme for programme, _, _, _ in flows for _ in range(2)],
        "kinds": [kind for _, giver, taker, _ in flows for kind in (giver, taker)],
        "moved": [change for _, _, _, seats in flows for change in (-seats, seats)],
    }


def _require_same_choices(run: AdmissionRun, round: Round, at: datetime) -> None:
    """Raise Refused if choices were submitted after the freeze (chosen again after a stop, restored), or can be."""
    [changed], why = fetch_all(_CHOSEN_SINCE, (round.pk, run.began_at)), "录取必须以全部有效志愿为准"
    late, until = running_exceptions(round, at)
    if changed.persons:
        raise Refused(f"运算开始之后，又有{changed.persons}人的志愿有了变化", why=why, now="请重新运算")
    if late and until is not None:
        raise Refused(f"还有{late}人可以改志愿，最晚到{format_closing(until)}", why=why, now="请到期后重新运算")


def _require_seats(params: dict[str, object], at: datetime) -> None:
    stopped = [school for school, most in school_limits(at).items() if most == 0]
    if codes := _codes(_STOPPED, params | {"stopped": stopped}):
        what = f"运算之后，有学校被停止招生，涉及计划行{codes}"
        raise Refused(what, why="停止招生的学校不能再录取新生", now="请重新运算")
    if codes := _codes(_SHORT, params):
        what = f"运算之后，计划行{codes}的名额减少了，按这次结果会超计划录取"
        raise Refused(what, why="录取不能超过名额", now="请重新运算")


def _codes(sql: str, params: dict[str, object]) -> str:
    codes = [row.code for row in fetch_all(sql, params)]
    return "、".join(codes[:5]) + (f"等{len(codes)}个" if len(codes) > 5 else "")


def _send_messages(
    run: AdmissionRun, round: Round, params: dict[str, object], answer_by: datetime | None, at: datetime
) -> None:
    until = "" if answer_by is None else f"，请于{format_instant(answer_by, closing=True)}前登录应答"
    name = round.name.replace("%", "%%")
    texts = {
        "subject": f"run:{run.public_id}",
        "admitted": f"【阳光招生】{name}结果已公布：您被%s%s专业录取{until}。",
        "missed": f"【阳光招生】{round.name}结果已公布：您本批次未被录取，登录可查看每个志愿的理由。",
        "reviewed": f"【阳光招生】{round.name}结果已公布：您填报的一个专业还在复核，结果暂缓公布，请留意后续通知。",
        "seated": f"【阳光招生】{round.name}结果已公布：您本年度已占用一个名额，本批次不再录取。",
    }
    execute(_MESSAGES, params | texts | bind_sentences([round], at))
