"""Two pages of one browser share one registration: an older one never submits, or overwrites, what the other typed."""

import re

import pytest
from django.http import HttpResponse

from tests.support.builders.family import Family, number_of
from tests.support.builders.web_season import text
from tests.support.personas import Personas
from yangguang.models import Application, Guardian
from yangguang.rules.seasons.windows import WindowKind

pytestmark = pytest.mark.django_db
OTHER_CHILD = {"name": "欧阳小雪", "id_number": number_of(2)}


@pytest.fixture
def family(personas: Personas) -> Family:
    """A family that filled everything in and reads the review."""
    personas.open(WindowKind.REGISTRATION)
    family = Family(personas).signs_in()
    assert family.fills() is None
    return family


def submit(family: Family, displayed: str, **more: str) -> HttpResponse:
    return family.client.post("/me/register/review/", {"_displayed": displayed, "_key": "k" * 32} | more)


def test_a_review_never_submits_what_another_tab_typed(family: Family) -> None:
    review = family.opens("review")
    family.posts("person", OTHER_CHILD)
    answer = submit(family, review)

    assert answer.status_code == 409
    assert Application.objects.count() == 0
    assert "已在另一个页面改过" in text(answer)
    assert "欧阳小满" in text(answer)
    assert "欧阳小雪" in text(answer)


def test_the_page_of_the_older_tab_can_still_be_used_and_registers_exactly_what_it_showed(family: Family) -> None:
    review = family.opens("review")
    family.posts("person", OTHER_CHILD)
    family.posts("guardian", {"guardian_name": "别人", "guardian_relation": "母亲", "guardian_phone": "15450000002"})
    restored = submit(family, review, use_displayed="1")

    assert restored.headers["Location"] == "/me/register/review/"
    assert submit(family, family.opens("review")).headers["Location"] == "/me/register/received/"
    assert Application.objects.get().person.name == "欧阳小满"
    assert Guardian.objects.get().name == "欧阳大满"


def test_a_review_that_does_not_say_what_it_showed_submits_nothing(family: Family) -> None:
    for displayed in ("", "x", "AAAA"):
        assert submit(family, displayed).status_code == 409

    assert Application.objects.count() == 0


def test_what_another_account_saw_cannot_be_sent(family: Family) -> None:
    review = family.opens("review")
    other = Family(family.personas, "15400000002").signs_in()

    assert submit(other, review, use_displayed="1").headers["Location"] == "/me/register/consent/"
    assert "欧阳小满" not in text(other.client.get("/me/register/consent/"))


def test_an_older_step_is_refused_with_both_sides_and_nothing_typed_is_lost(family: Family) -> None:
    origin = family.opens("origin")
    family.posts("person", OTHER_CHILD)
    typed = {"origin": "junior_this_year", "home": str(family.personas.county.public_id), "junior_school": "乙市中学"}
    sent = typed | {"track": "CHOOSES", "_displayed": origin}
    answer = family.client.post("/me/register/origin/", sent)

    assert answer.status_code == 409
    assert "乙市中学" in text(answer)
    assert "欧阳小雪" in text(answer)
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.content.decode()))

    assert typed.items() <= fields.items()
    assert family.client.post("/me/register/origin/", fields | {"use_displayed": "1"}).status_code == 302
    review = text(family.client.get("/me/register/review/"))

    assert "欧阳小满" in review
    assert "乙市中学" in review


def test_the_same_step_sent_twice_is_no_conflict(family: Family) -> None:
    person, typed = family.opens("person"), {"name": "欧阳小月", "id_number": number_of(3)}
    answers = [family.client.post("/me/register/person/", typed | {"_displayed": person}) for _ in range(2)]

    assert [answer.headers.get("Location") for answer in answers] == ["/me/register/review/"] * 2


def test_an_older_tab_stores_nothing_by_itself(family: Family) -> None:
    origin = family.opens("origin")
    family.posts("person", OTHER_CHILD)
    refused = family.client.post("/me/register/origin/keep/", {"_displayed": origin, "junior_school": "丙市中学"})

    assert refused.status_code == 409
    assert "丙市中学" not in family.client.get("/me/register/origin/").content.decode()


def test_a_tab_left_open_over_the_submission_says_that_it_was_submitted(family: Family) -> None:
    review, guardian = family.opens("review"), family.opens("guardian")
    submit(family, review)
    later = submit(family, review, _key="z" * 32)
    page = family.client.get("/me/register/guardian/", follow=True)
    lost = {"_displayed": guardian, "guardian_name": "欧阳二满", "guardian_relation": "母亲"}
    older = family.client.post("/me/register/guardian/", lost | {"guardian_phone": "15450000003"})

    assert later.headers["Location"] == "/me/register/received/"
    assert "刚才填的报名已经提交" in text(page)
    assert older.status_code == 409
    assert "欧阳二满" in text(older)
    assert Application.objects.count() == 1
