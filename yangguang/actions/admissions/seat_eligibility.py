"""What a free seat asks of whoever wants it: the programme, the school's measures, the kind of seats. (R3.08, R6.06)

Shared by 免试注册 and 换录; the seat itself is then taken in one conditional statement of `actions.admissions.seats`.
"""

from datetime import datetime
from typing import Any

from yangguang.models import Application, Programme, Round, SpecialNeeds
from yangguang.models.base.fields import Sealed, stars
from yangguang.postgres.locks import LockClass, take_lock
from yangguang.postgres.sql import fetch_one
from yangguang.queries.admissions.free_seats import (
    GAVE_UP,
    HAS_CASE,
    HOLDS_SEAT,
    IN_RUN,
    IS_HELD_BACK,
    IS_WAITED_FOR,
    RESERVED,
)
from yangguang.queries.supervision.admission_limits import school_limits
from yangguang.rules.applicants.origins import Origin, StudyForm
from yangguang.rules.base.refusals import Refused
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.runs.eligibility import Gate, barred_at, kinds_open_to

# Everything the refusals ask about the programme and the person, in one read.
_FACTS = f"""
SELECT l.code, l.programme_type, l.study_form, l.origins, p.school_id, p.state, s.year,
       EXISTS (SELECT 1 FROM yangguang_roundprogramme WHERE round_id = %(round)s AND programme_id = l.id),
       me.root_id, {HAS_CASE}, {HOLDS_SEAT}, {GAVE_UP},
       {IN_RUN}, {IS_WAITED_FOR}, {IS_HELD_BACK},
       (SELECT way FROM yangguang_specialneeds WHERE person_id = me.id),
       ARRAY(SELECT code FROM yangguang_quota WHERE programme_id = l.id ORDER BY id),
       ARRAY(SELECT id FROM yangguang_quota WHERE programme_id = l.id ORDER BY id)
FROM yangguang_programme AS l
JOIN yangguang_plan AS p ON p.id = l.plan_id
JOIN yangguang_season AS s ON s.id = p.season_id, yangguang_person AS me
WHERE l.id = %(programme)s AND me.id = %(person)s
"""
# The same of the person alone, for a page that offers many programmes.
_PERSON = f"""
SELECT {HAS_CASE}, {HOLDS_SEAT}, {GAVE_UP}
FROM yangguang_person AS me, yangguang_season AS s WHERE me.id = %(person)s AND s.id = %(season)s
"""
_ADMITTED = """
SELECT count(*) FROM live_claim AS c JOIN yangguang_admission AS a ON a.id = c.admission_id
WHERE a.school_id = %s AND c.intake_year = %s
"""


def facts_of(application: Application, round: Round, programme: Programme) -> dict[str, Any]:
    """Everything the refusals ask about the programme and the person, by name.

    Raises:
        Refused: there is no such programme.
    """
    names = (
        "code",
        "programme_type",
        "form",
        "origins",
        "school",
        "plan",
        "year",
        "in_round",
        "root",
        "case",
        "seat",
        "again",
        "run",
        "waits",
        "held_back",
        "needs",
        "kinds",
        "quotas",
    )
    bound = {
        "round": round.pk,
        "application": application.pk,
        "programme": programme.pk,
        "person": application.person_id,
    }
    row = fetch_one(_FACTS, bound)
    if row is None:
        raise Refused("没有找到这个专业", now="请从计划查询页面重新进入")
    return dict(zip(names, row, strict=True))


def person_facts(application: Application, round: Round) -> dict[str, Any]:
    """What `facts_of` says of the person whatever the programme: an open case, a seat of the year, a seat given up."""
    bound = {
        "round": round.pk,
        "application": application.pk,
        "person": application.person_id,
        "season": application.season_id,
    }
    row = fetch_one(_PERSON, bound)
    assert row is not None
    return dict(zip(("case", "seat", "again"), row, strict=True))


def require_programme(
    application: Application,
    round: Round,
    facts: dict[str, Any],
    at: datetime,
    *,
    lock: bool,
    leaves: int | None = None,
) -> None:
    """Raise Refused unless the programme takes this applicant now.

    It does not: outside the round, for another origin, at a stopped or full school, or while a run or a waiting
    list is giving its seats away.

    Args:
        lock: keep other admissions to a capped school waiting until the transaction ends.
        leaves: row id of the school whose seat would be given up for this one and is still held; None: no seat.
    """
    if not facts["in_round"] or facts["plan"] != "PUBLISHED":
        raise Refused("这个专业不在本批次的招生范围内", now="请在本批次的专业中选择")
    limits = school_limits(at)
    most = limits.get(facts["school"])
    gate = Gate(
        ProgrammeType(facts["programme_type"]),
        StudyForm(facts["form"]),
        frozenset(facts["origins"]),
        most == 0,
    )
    if (barred := barred_at(gate, Origin(application.origin), round.origins)) is not None:
        raise Refused(
            f"您不能注册这个专业：{barred.label}",
            why=f"您的生源类别是“{Origin(application.origin).label}”",
            now="请选择招收您这一类别的专业",
        )
    for name, kept in RESERVED.items():
        if facts[name]:
            raise kept.refusal()
    if most is not None:
        own = 1 if leaves == facts["school"] else 0
        if lock:
            # A capped school admits one after the other, so that its programmes together stay under the cap.
            take_lock(LockClass.ADMISSION_CAP, facts["school"])
        _require_below_cap(facts["school"], facts["year"], most, own)


def _require_below_cap(school: int, year: int, most: int, own: int) -> None:
    row = fetch_one(_ADMITTED, (school, year))
    assert row is not None
    if row[0] - own >= most:
        raise Refused(
            f"这所学校的招生人数已达到限额{most}人", why="主管部门对这所学校限制了人数", now="请选择其他学校"
        )


def quota_for(facts: dict[str, Any]) -> int:
    """The quota that is open to this person; who belongs to it is never said in a sentence of another's."""
    needs = facts["needs"] and Sealed(bytes(facts["needs"]), "yangguang_specialneeds.way", stars).reveal()
    kind, *_ = kinds_open_to(needs == SpecialNeeds.Way.DEDICATED_CLASS)
    if kind not in facts["kinds"]:
        raise Refused("这个专业没有面向您的名额类别", now="请选择其他专业，或咨询县级招生主管部门")
    return int(facts["quotas"][facts["kinds"].index(kind)])


def has_seat(quota: int) -> bool:
    """Whether the quota has a seat now; only `seating.take_one` can say so for certain."""
    return fetch_one("SELECT 1 FROM yangguang_quota WHERE id = %s AND taken < seats", (quota,)) is not None
