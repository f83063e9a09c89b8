"""注册与实名 keeps every field as it is left: sealed in the session, unchecked, and never before consent."""

import pytest
from django.http import HttpResponse

from tests.support.builders.family import Family, number_of
from tests.support.personas import Personas
from yangguang.models import Application
from yangguang.rules.seasons.windows import WindowKind

pytestmark = pytest.mark.django_db
GUARDIAN = {"consent_by": "guardian", "agree": "on"}
STUDENT = {"consent_by": "student", "agree": "on"}


@pytest.fixture
def family(personas: Personas) -> Family:
    personas.open(WindowKind.REGISTRATION)
    return Family(personas).signs_in()


def leaves(family: Family, step: str, **typed: str) -> HttpResponse:
    """The page's script posts what stands in the fields."""
    answer: HttpResponse = family.client.post(f"/me/register/{step}/keep/", {"_displayed": family.opens(step)} | typed)
    return answer


def page(family: Family, step: str) -> str:
    return family.client.get(f"/me/register/{step}/").content.decode()


def test_what_was_typed_halfway_stands_in_the_fields_again(family: Family) -> None:
    family.posts("consent", GUARDIAN)

    assert leaves(family, "person", name="欧阳小满", id_number="490101").status_code == 204
    again = page(family, "person")

    assert 'value="欧阳小满"' in again
    assert 'value="490101"' in again
    assert family.client.get("/me/register/").headers["Location"] == "/me/register/person/", "nobody goes on"
    assert family.client.get("/me/register/review/").headers["Location"] == "/me/register/person/"


def test_a_text_longer_than_any_field_is_refused_and_not_cut(family: Family) -> None:
    family.posts("consent", GUARDIAN)
    leaves(family, "person", name="欧阳小满")

    assert leaves(family, "person", name="长" * 201).status_code == 422
    assert 'value="欧阳小满"' in page(family, "person")
    refused = family.posts("person", {"name": "长" * 201, "id_number": number_of(1)})

    assert refused.status_code == 422
    assert "长" * 201 in refused.content.decode()
    assert "最多60个字，现在有201个字" in refused.content.decode()


def test_the_page_carries_the_address_that_keeps_and_the_script(family: Family) -> None:
    family.posts("consent", GUARDIAN)

    assert 'data-autosave="/me/register/person/keep/"' in page(family, "person")
    assert "js/autosave" in page(family, "person")
    assert "data-autosave=" not in page(family, "consent"), "a consent is given by pressing, never by a kept tick"


def test_it_lies_sealed_in_the_session_like_the_steps_that_are_done(family: Family) -> None:
    family.posts("consent", GUARDIAN)
    leaves(family, "person", name="欧阳小满", id_number="490101")
    stored = str(dict(family.client.session.items())) + str(family.client.cookies)

    assert "欧阳小满" not in stored
    assert "490101" not in stored


def test_a_finished_step_has_no_halfway_values_and_only_its_own_fields_are_kept(family: Family) -> None:
    family.posts("consent", GUARDIAN)
    leaves(family, "person", name="欧阳", id_number="1", junior_school="别处")

    assert "别处" not in page(family, "origin")
    family.posts("person", {"name": "欧阳小满", "id_number": number_of(1)})

    assert 'value="欧阳小满"' in page(family, "person")
    assert 'value="欧阳"' not in page(family, "person")
    leaves(family, "origin", junior_school="甲市实验初中", origin="junior_this_year")

    assert 'value="甲市实验初中"' in page(family, "origin")
    assert 'value="junior_this_year" selected' in page(family, "origin")


def test_what_is_halfway_never_counts_as_an_answer(family: Family) -> None:
    family.fills()
    leaves(family, "person", name="别的名字", id_number="")

    assert "欧阳小满" in page(family, "review")
    assert "别的名字" not in page(family, "review")
    family.submits()

    assert Application.objects.get().person.name == "欧阳小满"


def test_before_consent_nothing_is_kept(family: Family) -> None:
    assert leaves(family, "person", name="欧阳小满").status_code == 409
    assert leaves(family, "consent", **GUARDIAN).status_code == 404
    assert leaves(family, "nowhere").status_code == 404
    family.posts("consent", GUARDIAN)

    assert "欧阳小满" not in page(family, "person")


def test_under_14_nothing_stays_kept_before_the_guardian_agreed(family: Family) -> None:
    family.posts("consent", STUDENT)
    child = number_of(1, age=12)
    leaves(family, "person", name="欧阳小满", id_number="")

    assert leaves(family, "person", name="欧阳小满", id_number=child).status_code == 409
    assert "欧阳小满" not in page(family, "person")
    assert child not in page(family, "person")


def test_a_childs_number_does_not_stay_when_the_guardians_consent_is_taken_back(family: Family) -> None:
    family.posts("consent", GUARDIAN)
    child = number_of(1, age=12)

    assert leaves(family, "person", id_number=child).status_code == 204
    assert child in page(family, "person")
    family.posts("consent", STUDENT)

    assert child not in page(family, "person")
