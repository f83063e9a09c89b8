"""Records a school has to complete and a student to confirm, and a fair way to share students out into classes.
(F-E1)
"""

from dataclasses import dataclass

from django.db.models import QuerySet

from yangguang.models import Season, StudentRecord, Unit
from yangguang.postgres.sql import fetch_all, fetch_one
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions import withdrawal_states
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.records import record_states

# What `records.make_due` would make now: checked in, without a record, held back by nothing.
DUE = f"""
SELECT a.id, a.person_id, a.school_id, u.code AS school_code, p.number, l.major, l.programme_type,
       (a.checked_in_at AT TIME ZONE 'Asia/Shanghai')::date AS entered_on
FROM yangguang_admission AS a
JOIN yangguang_application AS p ON p.id = a.application_id AND p.season_id = %(season)s
JOIN yangguang_person AS n ON n.id = a.person_id
JOIN yangguang_unit AS u ON u.id = a.school_id
JOIN yangguang_programme AS l ON l.id = a.programme_id
WHERE a.state = 'CHECKED_IN'
  AND NOT EXISTS (SELECT 1 FROM yangguang_withdrawal AS x
                  WHERE x.admission_id = a.id AND x.state IN {render_states(withdrawal_states.RUNNING)})
  AND NOT EXISTS (SELECT 1 FROM yangguang_studentrecord AS r WHERE r.admission_id = a.id)
  AND NOT EXISTS (
      SELECT 1 FROM yangguang_studentrecord AS r JOIN yangguang_person AS o ON o.id = r.person_id
      WHERE r.state <> 'CANCELLED' AND o.root_id = n.root_id
  )
"""
_MADE = """
SELECT r.number, l.years, r.major, r.programme_type, s.year, s.term
FROM yangguang_studentrecord AS r
JOIN yangguang_admission AS a ON a.id = r.admission_id
JOIN yangguang_programme AS l ON l.id = a.programme_id
JOIN yangguang_round AS o ON o.id = a.round_id
JOIN yangguang_season AS s ON s.id = o.season_id
JOIN yangguang_application AS p ON p.id = a.application_id
WHERE r.school_id = %s AND r.state = 'MADE'
ORDER BY s.year, s.term DESC, r.major, r.programme_type, p.number
"""
_SHORT = {ProgrammeType.THREE_YEAR.value: "", ProgrammeType.AFTER_HIGH_SCHOOL.value: "高起"}


@dataclass(frozen=True, slots=True)
class DueAtSchool:
    """How many records a school waits for, and how many an open case holds back (persons)."""

    made: int
    to_complete: int
    to_confirm: int
    disputed: int


_AT_SCHOOL = """
SELECT count(*), count(*) FILTER (WHERE state = 'MADE'), count(*) FILTER (WHERE state = 'COMPLETED'),
       count(*) FILTER (WHERE state = 'DISPUTED')
FROM yangguang_studentrecord WHERE school_id = %s AND state <> 'CANCELLED'
"""


def at_school(school: Unit) -> DueAtSchool:
    """What a school's record page says first; one query."""
    row = fetch_one(_AT_SCHOOL, (school.pk,))
    assert row is not None
    return DueAtSchool(*row)


def due(season: Season) -> int:
    """How many records `make_due` would make if nothing were in quarantine."""
    row = fetch_one(f"SELECT count(*) FROM ({DUE}) AS due", {"season": season.pk})
    assert row is not None
    return int(row[0])


def shared_out(school: Unit, size: int = 45) -> dict[str, str]:
    """A proposal of classes for the records still to complete: {provincial number: class}.

    One major, length and season to a class (spring entrants have classes of their own), at most `size` students,
    as even as can be; in the order of application numbers, so that twice asked gives the same.
    """
    groups: dict[tuple[object, ...], list[str]] = {}
    for number, _, major, programme_type, year, term in fetch_all(_MADE, (school.pk,)):
        groups.setdefault((year, term, major, programme_type), []).append(number)
    classes = {}
    for (year, term, major, programme_type), numbers in groups.items():
        count = -(-len(numbers) // size)
        kind = _SHORT.get(str(programme_type), ProgrammeType(str(programme_type)).label)
        spring = "春" if term == Season.Term.SPRING else ""
        head = f"{year}级{spring}{major}（{kind}）" if kind else f"{year}级{spring}{major}"
        for position, number in enumerate(numbers):
            classes[number] = f"{head[:34]}{position * count // len(numbers) + 1}班"
    return classes


def to_confirm(by: Actor) -> QuerySet[StudentRecord]:
    """The records this family is asked to confirm."""
    rows: QuerySet[StudentRecord] = StudentRecord.objects.for_actor(by, Right.RECORD_CONFIRM)
    return rows.filter(state=record_states.COMPLETED).select_related("school")
