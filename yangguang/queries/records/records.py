"""Records a school has to complete and a student to confirm, and the assignment of students to classes. (F-E1)"""

from collections import defaultdict

from django.db.models import QuerySet

from yangguang import clock
from yangguang.models import Season, StudentRecord, Unit
from yangguang.postgres.sql import Row, fetch_all, fetch_row
from yangguang.queries.seasons.policy_rules import rule_at
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions import withdrawal_states
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.records import record_states
from yangguang.rules.seasons import policy_keys

# Admissions that need a record: checked in, no withdrawal in process, no record of the admission or of the person.
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
_TO_COMPLETE = """
SELECT r.number, r.major, r.programme_type, s.year, s.term
FROM yangguang_studentrecord AS r
JOIN yangguang_admission AS a ON a.id = r.admission_id
JOIN yangguang_round AS o ON o.id = a.round_id
JOIN yangguang_season AS s ON s.id = o.season_id
JOIN yangguang_application AS p ON p.id = a.application_id
WHERE r.school_id = %s AND r.state = 'CREATED'
ORDER BY s.year, s.term DESC, r.major, r.programme_type, p.number
"""
_COUNTS = """
SELECT count(*) AS existing, count(*) FILTER (WHERE state = 'CREATED') AS to_complete,
       count(*) FILTER (WHERE state = 'COMPLETED') AS to_confirm,
       count(*) FILTER (WHERE state = 'DISPUTED') AS disputed
FROM yangguang_studentrecord WHERE school_id = %s AND state <> 'CANCELLED'
"""
_NAMES_IN_CLASS = {ProgrammeType.THREE_YEAR: "", ProgrammeType.AFTER_HIGH_SCHOOL: "高起"}


def count_records(school: Unit) -> Row:
    """How many records a school has, and how many are in each state that needs an act (`_COUNTS`); one query."""
    return fetch_row(_COUNTS, (school.pk,))


def count_due(season: Season) -> int:
    """How many records `make_due` would create if no person were in quarantine; one query."""
    return int(fetch_row(f"SELECT count(*) AS persons FROM ({DUE}) AS due", {"season": season.pk}).persons)


def assign_classes(school: Unit, size: int | None = None) -> dict[str, str]:
    """Propose classes for the records still to complete.

    A class has one major, programme type and season, and the classes of a group are of equal size. The order of
    application numbers decides, so that the proposal is reproducible.

    Args:
        size: most students in a class; without it, the number of the rule.

    Returns:
        provincial number → class.
    """
    size = size or rule_at(clock.now(), policy_keys.CLASS_SIZE).value
    groups: dict[str, list[str]] = defaultdict(list)
    for row in fetch_all(_TO_COMPLETE, (school.pk,)):
        programme_type = ProgrammeType(row.programme_type)
        kind = _NAMES_IN_CLASS.get(programme_type, programme_type.label)
        spring = "春" if row.term == Season.Term.SPRING else ""
        groups[f"{row.year}级{spring}{row.major}" + (f"（{kind}）" if kind else "")].append(row.number)
    classes = {}
    for group, numbers in groups.items():
        count = -(-len(numbers) // size)
        for position, number in enumerate(numbers):
            classes[number] = f"{group[:34]}{position * count // len(numbers) + 1}班"
    return classes


def records_to_confirm(by: Actor) -> QuerySet[StudentRecord]:
    """The records that wait for the actor's confirmation."""
    rows: QuerySet[StudentRecord] = StudentRecord.objects.for_actor(by, Right.RECORD_CONFIRM)
    return rows.filter(state=record_states.COMPLETED).select_related("school")
