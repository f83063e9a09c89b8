"""Whether a person may take a seat of a programme now; shared by 免试注册 and 换录. (R3.08, R5.02, R6.06)

Everything is read in one statement. The seat itself is taken later, in one conditional statement of
`actions.admissions.seats`.
"""

from datetime import datetime

from yangguang.models import Application, Programme, Round, SpecialNeeds
from yangguang.models.base.fields import Sealed, stars
from yangguang.postgres.locks import LockClass, take_lock
from yangguang.postgres.sql import Row, fetch_one, fetch_row
from yangguang.queries.admissions.seat_reservations import (
    GAVE_UP,
    HAS_CASE,
    HOLDS_SEAT,
    RESERVATIONS,
    RESERVED,
)
from yangguang.queries.applicants.origin_rules import origin_rules_of
from yangguang.queries.supervision.admission_limits import school_limits
from yangguang.rules.applicants.origins import Origin, StudyForm
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.runs.eligibility import Gate, find_bar, list_open_kinds

_ABOUT_PERSON = f"{HAS_CASE} AS has_case, {HOLDS_SEAT} AS holds_seat, {GAVE_UP} AS gave_up"
_FACTS = f"""
SELECT l.code, l.programme_type, l.study_form, l.origins, p.school_id, p.state AS plan_state, s.year,
       EXISTS (SELECT 1 FROM yangguang_roundprogramme WHERE round_id = %(round)s AND programme_id = l.id) AS in_round,
       me.root_id, {_ABOUT_PERSON}, {RESERVED} AS reserved,
       (SELECT provision FROM yangguang_specialneeds WHERE person_id = me.id) AS special_needs,
       ARRAY(SELECT code FROM yangguang_quota WHERE programme_id = l.id ORDER BY id) AS kinds,
       ARRAY(SELECT id FROM yangguang_quota WHERE programme_id = l.id ORDER BY id) AS quotas
FROM yangguang_programme AS l
JOIN yangguang_plan AS p ON p.id = l.plan_id
JOIN yangguang_season AS s ON s.id = p.season_id, yangguang_person AS me
WHERE l.id = %(programme)s AND me.id = %(person)s
"""
_PERSON_FACTS = f"""
SELECT {_ABOUT_PERSON}
FROM yangguang_person AS me, yangguang_season AS s WHERE me.id = %(person)s AND s.id = %(season)s
"""
_ADMITTED = """
SELECT count(*) AS admitted FROM live_claim AS c JOIN yangguang_admission AS a ON a.id = c.admission_id
WHERE a.school_id = %s AND c.intake_year = %s
"""


def read_facts(application: Application, round: Round, programme: Programme) -> Row:
    """What the refusals depend on, about the programme and the person: the columns of `_FACTS`.

    Raises:
        Refused: there is no such programme.
    """
    facts = fetch_one(_FACTS, _build_params(application, round) | {"programme": programme.pk})
    if facts is None:
        raise Refused("没有找到这个专业", now="请从计划查询页面重新进入")
    return facts


def read_person_facts(application: Application, round: Round) -> Row:
    """The part of `read_facts` about the person: has_case, holds_seat, gave_up (a seat of this round)."""
    return fetch_row(_PERSON_FACTS, _build_params(application, round) | {"season": application.season_id})


def _build_params(application: Application, round: Round) -> dict[str, int]:
    return {"round": round.pk, "application": application.pk, "person": application.person_id}


def require_programme(
    application: Application, round: Round, facts: Row, at: datetime, *, lock: bool, leaves: int | None = None
) -> None:
    """Raise Refused unless the programme may admit this applicant now.

    Refused: outside the round, for another origin, at a stopped or full school, or while a run or a waiting list
    gives the seats away.

    Args:
        facts: of `read_facts`.
        lock: let other admissions to a capped school wait until the transaction ends.
        leaves: row id of the school whose seat the applicant would give up and still holds, if any.
    """
    if not facts.in_round or facts.plan_state != "PUBLISHED":
        raise Refused("这个专业不在本批次的招生范围内", now="请在本批次的专业中选择")
    cap = school_limits(at).get(facts.school_id)
    _require_origin(application, round, facts, at, is_stopped=cap == 0)
    if facts.reserved:
        raise RESERVATIONS[facts.reserved].build_refusal()
    if cap is not None:
        if lock:
            # Admissions to a capped school are serialised, so that its programmes together stay under the cap.
            take_lock(LockClass.ADMISSION_CAP, facts.school_id)
        _require_below_cap(facts, cap, own=1 if leaves == facts.school_id else 0)


def _require_origin(application: Application, round: Round, facts: Row, at: datetime, *, is_stopped: bool) -> None:
    kind, form = ProgrammeType(facts.programme_type), StudyForm(facts.study_form)
    origin = Origin(application.origin)
    rules = origin_rules_of(facts.year, round.opened_at or at)
    barred = find_bar(Gate(kind, form, frozenset(facts.origins), is_stopped, rules), origin, round.origins)
    if barred is not None:
        raise Refused(
            f"您不能注册这个专业：{barred.label}",
            why=f"您的生源类别是“{origin.label}”",
            now="请选择招收您这一类别的专业",
        )


def _require_below_cap(facts: Row, cap: int, *, own: int) -> None:
    if fetch_row(_ADMITTED, (facts.school_id, facts.year)).admitted - own >= cap:
        raise Refused(f"这所学校的招生人数已达到限额{cap}人", why="主管部门对这所学校限制了人数", now="请选择其他学校")


def get_quota(facts: Row) -> int:
    """Row id of the quota open to this person. Sentences to other persons do not reveal who belongs to it.

    Raises:
        Refused: the programme has no quota for this person.
    """
    needs = facts.special_needs
    taught = needs and Sealed(bytes(needs), "yangguang_specialneeds.provision", stars).reveal()
    kind, *_ = list_open_kinds(dedicated_class=taught == SpecialNeeds.Provision.DEDICATED_CLASS)
    if kind not in facts.kinds:
        raise Refused("这个专业没有面向您的名额类别", now="请选择其他专业，或咨询县级招生主管部门")
    return int(facts.quotas[facts.kinds.index(kind)])


def has_free_seat(quota: int) -> bool:
    """Whether the quota has a free seat now; only `seats.admit_one` decides."""
    return fetch_one("SELECT 1 FROM yangguang_quota WHERE id = %s AND taken < seats", (quota,)) is not None
