"""The confirmation page: what it reads, what it costs, and that it locks nothing."""

import re

from tests.support.builders.web_season import Desk, code_for, posted, sealed_in
from tests.support.personas import FAMILY_PHONE
from tests.support.query_counter import statements
from yangguang.models import ChoiceVersion

LOCKING = re.compile(r"\bFOR (NO KEY )?(UPDATE|SHARE)\b|pg_(try_)?advisory|\bLOCK TABLE\b")
WRITING = re.compile(r"\b(INSERT INTO|UPDATE \S+ SET|DELETE FROM)\b")
MOST_STATEMENTS = 12


def sent_by(seen: list[str]) -> list[str]:
    """The statements without the savepoints, which stand for BEGIN and COMMIT inside a test's transaction."""
    return [query for query in map(str, seen) if "SAVEPOINT" not in query]


def test_opening_the_check_page_locks_nothing_and_writes_nothing(desk: Desk) -> None:
    desk.add(*desk.programmes[:2])

    with statements() as seen:
        page = desk.client.get(desk.choices_url + "submit/")

    assert page.status_code == 200
    assert [query for query in sent_by(seen) if LOCKING.search(query)] == []
    assert [query for query in sent_by(seen) if WRITING.search(query)] == []


def test_one_submission_of_choices_costs_twelve_statements(desk: Desk) -> None:
    desk.add(*desk.programmes[:2])
    url = desk.choices_url + "submit/"
    asked = posted(desk.client, url, sealed_in(desk.client.get(url)) | {"_step": "send"})
    code = code_for(FAMILY_PHONE)

    with statements() as seen:
        answer = desk.client.post(url, sealed_in(asked) | {"_step": "act", "_code": code})

    assert answer.status_code == 302
    assert ChoiceVersion.objects.count() == 1

    cost = sent_by(seen)

    assert len(cost) <= MOST_STATEMENTS, "\n".join(cost)
