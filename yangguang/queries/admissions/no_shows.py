"""Who would be released as 未报到, and what that frees programme by programme; before anything is done.
(R6.03, R6.07)
"""

from dataclasses import dataclass

from django.db.models import QuerySet

from yangguang.models import Admission, Round
from yangguang.postgres.sql import fetch_all
from yangguang.queries.admissions.check_ins import ABSENT, reach
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right

_BY_PROGRAMME = f"""
SELECT due.school, l.code, l.major, b.name, count(*), b.seats - b.taken,
       (SELECT count(*) FROM yangguang_waitingplace AS w WHERE w.programme_id = l.id AND w.kind = b.code)
FROM ({ABSENT}) AS due
JOIN yangguang_quota AS b ON b.id = due.quota_id
JOIN yangguang_programme AS l ON l.id = b.programme_id
GROUP BY due.school, l.id, l.code, l.major, b.id, b.name, b.code, b.seats, b.taken
ORDER BY due.school, l.code, b.priority
"""
_COMING = ("OFFERED", "ACCEPTED", "WAITING")


@dataclass(frozen=True, slots=True)
class FreedProgramme:
    """One kind of seats of one programme: how many a release frees, how many are free already, how many wait for it."""

    school: str
    programme: str
    major: str
    quota: str
    absent: int
    free: int
    waiting: int


def freed_programmes(by: Actor, round: Round) -> list[FreedProgramme]:
    """What a release would free now, by school and programme; one query."""
    return [FreedProgramme(*row) for row in fetch_all(_BY_PROGRAMME, reach(by, round))]


def absent_people(by: Actor, round: Round) -> QuerySet[Admission]:
    """Those who would be released, within the actor's reach; the page masks the names."""
    rows: QuerySet[Admission] = Admission.objects.for_actor(by, Right.ADMISSION_CENTRAL_RUN)
    rows = rows.filter(round=round, state__in=_COMING, school__path__startswith=by.path or "-")
    if by.sector:
        rows = rows.filter(school__sector=by.sector)
    return rows.select_related("application", "person", "school", "programme")
