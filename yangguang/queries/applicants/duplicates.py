"""Who may be in twice: quarantine as a query, and the namesakes the duplicate check compares. (R5.04, R5.05)"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from yangguang.models import IdentityCase
from yangguang.models.base.fields import Sealed, stars
from yangguang.postgres.sql import fetch_all
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions import admission_states
from yangguang.rules.applicants import case_states
from yangguang.rules.applicants.duplicates import Row

# Persons held back by an open case. There is no flag to forget: settle the case and the person is free.
QUARANTINED = """
SELECT q.person_id FROM yangguang_identitycase AS q WHERE q.state = 'OPEN'
UNION SELECT q.other_id FROM yangguang_identitycase AS q WHERE q.state = 'OPEN' AND q.other_id IS NOT NULL
"""

# Persons of one intake year who share a name with another one of it, with where they hold a seat, if anywhere.
# Ordered by name, so that one name at a time is in memory; inside a name by application number, never by id.
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
SELECT n.name, n.number, n.id, n.id_number, n.id_hash, n.born_on, n.phone_hash, n.trust, n.root_id, h.path,
       held.id AS school, held.path AS school_path
FROM named AS n
JOIN yangguang_unit AS h ON h.id = n.home_id
LEFT JOIN LATERAL (
    SELECT u.id, u.path FROM yangguang_admission AS d JOIN yangguang_unit AS u ON u.id = d.school_id
    WHERE d.application_id = n.application AND d.state = ANY(%(live)s) ORDER BY d.round_id DESC LIMIT 1
) AS held ON true
WHERE n.bearers > 1
ORDER BY n.name COLLATE "C", n.number
"""


@dataclass(frozen=True, slots=True)
class Namesake:
    """One person of a name: the row the rules compare, and the ids a case is made of."""

    row: Row
    person: int
    root: int
    school: int | None
    path: str


def namesakes(year: int) -> Iterator[list[Namesake]]:
    """The persons of the intake `year` who share a name, one name after the other; memory for one name only."""
    with connection.connection.cursor("namesakes") as cursor:
        cursor.itersize = 5000
        cursor.execute(_NAMESAKES, {"year": year, "live": list(admission_states.LIVE)})
        for _, group in itertools.groupby(cursor, key=lambda row: row[0]):
            yield [_namesake(key, row) for key, row in enumerate(group)]


def _namesake(key: int, row: tuple[Any, ...]) -> Namesake:
    name, _, person, number, id_hash, born_on, phone, trust, root, home, school, school_path = row
    path = school_path or home
    return Namesake(
        Row(
            key=key,
            id_hash=bytes(id_hash),
            number=Sealed(bytes(number), "yangguang_person.id_number", stars).reveal(),
            name=name,
            birth=born_on.isoformat(),
            # The blind index is enough to see that two phones are equal.
            phone=bytes(phone).hex() if phone else "",
            school=str(school) if school else "",
            city="/".join(path.split("/")[:2]),
            is_police_matched=trust == 4,
        ),
        person,
        root,
        school,
        path,
    )


def open_cases(by: Actor, via: str = "") -> QuerySet[IdentityCase]:
    """The open cases this actor decides, the most alike first."""
    rows: QuerySet[IdentityCase] = IdentityCase.objects.for_actor(by, Right.DUPLICATE_DECIDE, via=via)
    return (
        rows.filter(state=case_states.OPEN)
        .select_related("person", "other", "outside", "unit")
        .order_by("-score", "pk")
    )


def quarantined() -> set[int]:
    """Row ids of all persons in an open case."""
    return {row[0] for row in fetch_all(QUARANTINED)}
