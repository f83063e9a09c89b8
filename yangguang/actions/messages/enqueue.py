"""The only code that queues messages, each once for its recipient, event and subject. (T3.23, X1.09, F-H2)

A hot statement uses `enqueue_sql` or `enqueue_family_sql` as one of its CTEs; all other code calls a function.
"""

from collections.abc import Sequence

from yangguang.models import Message
from yangguang.postgres.sql import execute

MAX_LENGTH = 300
"""Characters of a text; a longer one ends with “…”."""

# The instant is read once; the column's default would read it for every row.
_INSERT = """
INSERT INTO yangguang_message (person_id, guardian_id, event, subject, text, state, tries, provider_id, recorded_at)
SELECT m.person_id, m.guardian_id, m.event, m.subject, m.text, '{queued}', 0, '', (SELECT yg_now())
FROM ({messages}) AS m ON CONFLICT (person_id, event, subject) DO NOTHING
"""
_TO_STUDENTS = "SELECT *, NULL::bigint AS guardian_id FROM ({messages}) AS own"
# The guardian's copy is a separate event, so that each of the two is queued once.
_FAMILY = """
SELECT %(person)s::bigint AS person_id, NULL::bigint AS guardian_id, %(event)s::text AS event, {subject} AS subject,
       %(own)s::text AS text
UNION ALL
SELECT copy.person_id, copy.id, %(event)s || '.guardian', {subject}, %(guardian)s::text FROM (
    SELECT g.person_id, g.id, g.phone
    FROM yangguang_guardian AS g WHERE g.person_id = %(person)s ORDER BY g.id DESC LIMIT 1
) AS copy WHERE copy.phone IS NOT NULL
"""
_FAMILIES = """
WITH own AS (SELECT * FROM unnest(%(people)s::bigint[], %(texts)s::text[]) AS t (person_id, text))
SELECT person_id, NULL::bigint AS guardian_id, %(event)s::text AS event, %(subject)s::text AS subject, text FROM own
UNION ALL
SELECT copies.person_id, copies.id, %(event)s || '.guardian', %(subject)s, copies.text FROM (
    SELECT DISTINCT ON (g.person_id) g.person_id, g.id, g.phone, own.text
    FROM own JOIN yangguang_guardian AS g USING (person_id) ORDER BY g.person_id, g.id DESC
) AS copies WHERE copies.phone IS NOT NULL
"""
_ONE = "SELECT %s::bigint AS person_id, %s::text AS event, %s::text AS subject, %s::text AS text"


def enqueue_sql(messages: str) -> str:
    """The INSERT that queues messages to students, as a statement or as a CTE.

    Args:
        messages: our own SELECT with the columns person_id, event, subject, text (≤ 300 characters).
    """
    return _insert(_TO_STUDENTS.format(messages=messages))


def enqueue_family_sql(subject: str) -> str:
    """The INSERT that queues one message to a student and a copy to the guardian, as a statement or as a CTE.

    The parameters person (row id), event, own and guardian (the two texts, see `family_texts`) are bound by name.

    Args:
        subject: our own SQL expression of the subject.
    """
    return _insert(_FAMILY.format(subject=subject))


def _insert(messages: str) -> str:
    return _INSERT.format(messages=messages, queued=Message.State.QUEUED.value)


def _shorten(text: str) -> str:
    return text if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 1] + "…"


def enqueue_for_student(person: int, event: str, subject: str, text: str) -> None:
    """Queue one message to one student; nothing when it was queued before.

    Args:
        person: row id. text: see `MAX_LENGTH`.
    """
    execute(enqueue_sql(_ONE), (person, event, subject, _shorten(text)))


def enqueue_for_family(person: int, event: str, subject: str, own: str, guardian: str) -> None:
    """Queue one message to the student and one to the guardian named last, if there is one.

    Args:
        person: row id of the student.
        own, guardian: the two texts, see `MAX_LENGTH`, without any number of a person.
    """
    bound = {"person": person, "event": event, "subject": subject}
    texts = {"own": _shorten(own), "guardian": _shorten(guardian)}
    execute(enqueue_family_sql("%(subject)s::text"), bound | texts)


def enqueue_for_families(people: Sequence[int], event: str, subject: str, texts: Sequence[str]) -> None:
    """Queue one message to each student and the same to each guardian, in one statement.

    Args:
        people: row ids. texts: one for each of them, see `MAX_LENGTH`.
    """
    if people:
        bound = {"people": list(people), "event": event, "subject": subject}
        execute(_insert(_FAMILIES), bound | {"texts": [_shorten(text) for text in texts]})
