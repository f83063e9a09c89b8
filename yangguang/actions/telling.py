"""Telling a family: one row of the ledger for the student and one for the guardian, each once. (H2; product.md N2)"""

from collections.abc import Sequence

from yangguang.queries.rows import fetch_all

GUARDIAN = ".guardian"
"""What the event of a guardian's copy ends with, so that each of the two is told once."""

# Also used inside a larger statement, where `person`, `event`, `subject`, `own`, `guardian` are bound.
FAMILY = """
SELECT %(person)s::bigint, NULL::bigint, %(event)s, %(own)s, {subject}
UNION ALL
SELECT * FROM (
    SELECT g.person_id, g.id, %(event)s || '.guardian', %(guardian)s, {subject}
    FROM yangguang_guardian AS g WHERE g.person_id = %(person)s ORDER BY g.id DESC LIMIT 1
) AS theirs
"""
INTO = """
INSERT INTO yangguang_message (person_id, guardian_id, event, text, subject, state, tries, provider_id)
SELECT m.*, 'QUEUED', 0, '' FROM ({family}) AS m ON CONFLICT (person_id, event, subject) DO NOTHING
"""
_MANY = """
WITH told AS (SELECT * FROM unnest(%(people)s::bigint[], %(texts)s::text[]) AS t(person, text))
INSERT INTO yangguang_message (person_id, guardian_id, event, text, subject, state, tries, provider_id)
SELECT t.person, NULL, %(event)s, t.text, %(subject)s, 'QUEUED', 0, '' FROM told AS t
UNION ALL
SELECT * FROM (
    SELECT DISTINCT ON (g.person_id) g.person_id, g.id, %(event)s || '.guardian', t.text, %(subject)s, 'QUEUED', 0, ''
    FROM told AS t JOIN yangguang_guardian AS g ON g.person_id = t.person ORDER BY g.person_id, g.id DESC
) AS theirs
ON CONFLICT (person_id, event, subject) DO NOTHING
"""


def tell(person: int, event: str, subject: str, own: str, guardian: str) -> None:
    """Tell one family, once for this event of this subject.

    Args:
        own, guardian: the two texts (≤ 300 characters), without any number of a person.
    """
    bound = {
        "person": person,
        "event": event,
        "subject": subject,
        "own": own[:300],
        "guardian": guardian[:300],
    }
    fetch_all(INTO.format(family=FAMILY.format(subject="%(subject)s")), bound)


def tell_many(people: Sequence[int], event: str, subject: str, texts: Sequence[str]) -> None:
    """Tell many families of one thing, each in its own words; one statement whatever their number."""
    if people:
        bound = {
            "people": list(people),
            "texts": [text[:300] for text in texts],
            "event": event,
            "subject": subject,
        }
        fetch_all(_MANY, bound)
