"""Students who have not checked in, and the seats that releasing them would free. (R6.03, R6.07, F-C5)"""

from django.db.models import QuerySet

from yangguang.models import Admission, Round
from yangguang.postgres.sql import Row, fetch_all
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions.admission_states import EXPECTED
from yangguang.rules.base.state_machine import render_states

NO_SHOWS = f"""
SELECT a.id, a.person_id, a.quota_id, a.school_id, u.name AS school
FROM yangguang_admission AS a
JOIN yangguang_unit AS u ON u.id = a.school_id
WHERE a.round_id = %(round)s AND a.state IN {render_states(EXPECTED)}
  AND u.path LIKE %(path)s AND (%(sector)s::text = '' OR u.sector = %(sector)s::text)
"""
"""Admissions of a round that are not checked in, within the actor's reach; parameters from `build_params`."""
_BY_SCHOOL = f"""
SELECT due.school, count(*) AS absent FROM ({NO_SHOWS}) AS due
GROUP BY due.school_id, due.school ORDER BY due.school
"""
_BY_QUOTA = f"""
SELECT due.school, l.code AS programme, l.major, b.name AS quota, count(*) AS absent, b.seats - b.taken AS free,
       (SELECT count(*) FROM yangguang_waitingplace AS w WHERE w.programme_id = l.id AND w.kind = b.code) AS waiting
FROM ({NO_SHOWS}) AS due
JOIN yangguang_quota AS b ON b.id = due.quota_id
JOIN yangguang_programme AS l ON l.id = b.programme_id
GROUP BY due.school, l.id, l.code, l.major, b.id, b.name, b.code, b.seats, b.taken
ORDER BY due.school, l.code, b.priority
"""


def build_params(by: Actor, round: Round) -> dict[str, object]:
    """The parameters of `NO_SHOWS` for this actor."""
    return {"round": round.pk, "path": f"{by.path or '-'}%", "sector": by.sector}


def count_no_shows(by: Actor, round: Round) -> list[Row]:
    """Seats that `check_ins.release_absent` would free now: (school, absent); one query."""
    return fetch_all(_BY_SCHOOL, build_params(by, round))


def count_no_shows_by_quota(by: Actor, round: Round) -> list[Row]:
    """The same by school, programme and quota, with free seats and waiting choices: the columns of `_BY_QUOTA`."""
    return fetch_all(_BY_QUOTA, build_params(by, round))


def list_no_shows(by: Actor, round: Round) -> QuerySet[Admission]:
    """The admissions that would be released, within the actor's reach; pages mask the names."""
    rows: QuerySet[Admission] = Admission.objects.for_actor(by, Right.ADMISSION_CENTRAL_RUN)
    rows = rows.filter(round=round, state__in=EXPECTED, school__path__startswith=by.path or "-")
    if by.sector:
        rows = rows.filter(school__sector=by.sector)
    return rows.select_related("application", "person", "school", "programme")
