"""Quarantined persons, open duplicate cases, and the namesakes the duplicate check compares. (R5.04, R5.05)"""

import itertools
from collections.abc import Iterator
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from psycopg.rows import namedtuple_row

from yangguang.models import IdentityCase, Person
from yangguang.models.base.fields import Sealed, stars
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions import admission_states
from yangguang.rules.applicants import case_states
from yangguang.rules.applicants.duplicates import Row

# Persons in an open case. It is computed, not stored: with the decision of the case the quarantine ends.
QUARANTINED = """
SELECT q.person_id FROM yangguang_identitycase AS q WHERE q.state = 'OPEN'
UNION SELECT q.other_id FROM yangguang_identitycase AS q WHERE q.state = 'OPEN' AND q.other_id IS NOT NULL
"""

# Persons of one intake year who share a name with another one of it, with the school where they hold a seat, if any.
# The path is of that school, else of the home; root_id is the person that seats are counted for.
# Ordered by name, so that one name at a time is in memory; within a name by application number, never by id.
_NAMESAKES = """
WITH taking_part AS (
    SELECT DISTINCT ON (p.id) p.id, p.name, p.born_on, p.id_number, p.id_hash, p.trust, p.root_id, p.home_id,
           c.phone_hash, a.number, a.id AS application
    FROM yangguang_application AS a
    JOIN yangguang_season AS s ON s.id = a.season_id AND s.year = %(year)s
    JOIN yangguang_person AS p ON p.id = a.person_id
    JOIN yangguang_account AS c ON c.id = p.account_id
    WHERE a.state <> 'WITHDRAWN'
    ORDER BY p.id, a.number
), named AS (
    SELECT *, count(*) OVER (PARTITION BY name) AS bearers FROM taking_part
)
SELECT n.name, n.id, n.id_number, n.id_hash, n.born_on, n.phone_hash, n.trust, n.root_id,
       seat.school, coalesce(seat.path, h.path) AS path
FROM named AS n
JOIN yangguang_unit AS h ON h.id = n.home_id
LEFT JOIN LATERAL (
    SELECT u.id AS school, u.path FROM yangguang_admission AS d JOIN yangguang_unit AS u ON u.id = d.school_id
    WHERE d.application_id = n.application AND d.state = ANY(%(live)s) ORDER BY d.round_id DESC LIMIT 1
) AS seat ON true
WHERE n.bearers > 1
ORDER BY n.name COLLATE "C", n.number
"""


def namesakes(year: int) -> Iterator[list[Any]]:
    """Rows of `_NAMESAKES` of the intake `year`, one list for each name; one name is in memory at a time."""
    with connection.connection.cursor("namesakes", row_factory=namedtuple_row) as cursor:
        cursor.itersize = 5000
        cursor.execute(_NAMESAKES, {"year": year, "live": list(admission_states.LIVE)})
        for _, group in itertools.groupby(cursor, key=attrgetter("name")):
            yield list(group)


def to_registration(key: int, row: Any) -> Row:
    """A row of `_NAMESAKES` as the rules compare it."""
    return Row(
        key=key,
        id_hash=bytes(row.id_hash),
        number=Sealed(bytes(row.id_number), "yangguang_person.id_number", stars).reveal(),
        name=row.name,
        birth=row.born_on.isoformat(),
        # The blind index is enough to compare two phones.
        phone=bytes(row.phone_hash).hex() if row.phone_hash else "",
        school=str(row.school) if row.school else "",
        city="/".join(row.path.split("/")[:2]),
        is_police_matched=row.trust == Person.Trust.POLICE,
    )


def open_cases(by: Actor) -> QuerySet[IdentityCase]:
    """The open cases this actor decides, the highest score first."""
    rows: QuerySet[IdentityCase] = IdentityCase.objects.for_actor(by, Right.DUPLICATE_DECIDE)
    return rows.filter(state=case_states.OPEN).order_by("-score", "pk")
