"""A child is registered with a guardian, an adult without, and no one without consent."""

from typing import Any

import pytest

from tests.support.builders.enrolment import id_number
from tests.support.personas import Personas
from yangguang import clock
from yangguang.actions.applicants import registration
from yangguang.actions.applicants.registration import Registration
from yangguang.models import Application, Guardian, Person
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons.windows import WindowKind

pytestmark = pytest.mark.django_db
GUARDIAN = {"guardian_name": "某大阳", "guardian_phone": "15450000001", "consent_by": "guardian"}


@pytest.fixture
def open_season(personas: Personas) -> Personas:
    personas.open(WindowKind.REGISTRATION)
    return personas


def register(personas: Personas, age: int, **changes: Any) -> Application:
    """Someone of this age registers, as an adult unless the changes name a guardian."""
    born = f"{clock.now().year - age - 1}1231"
    typed = {
        "name": "某小阳",
        "id_number": id_number(1, born),
        "origin": "junior_this_year",
        "home": personas.county.pk,
        "consent_text": "试",
        "consent_by": "self",
        **changes,
    }
    application: Application = registration.register(
        by=personas.family(), season=personas.season, form=Registration(**typed)
    )
    return application


def test_an_adult_is_registered_without_a_guardian(open_season: Personas) -> None:
    application = register(open_season, 19)

    assert application.person == Person.objects.get()
    assert Guardian.objects.count() == 0


@pytest.mark.parametrize("age", [15, 17])
def test_a_minor_names_a_guardian(open_season: Personas, age: int) -> None:
    with pytest.raises(Refused) as caught:
        register(open_season, age)

    assert (caught.value.what, caught.value.where) == ("未满18周岁，请填写监护人姓名和手机号", "guardian_name")
    assert Person.objects.count() == 0
    assert register(open_season, age, **GUARDIAN | {"consent_by": "self"}).person == Person.objects.get()


def test_for_a_child_the_guardian_consents(open_season: Personas) -> None:
    with pytest.raises(Refused) as caught:
        register(open_season, 13, **GUARDIAN | {"consent_by": "self"})

    assert (caught.value.what, caught.value.where) == ("未满14周岁，须由监护人同意", "consent")
    assert register(open_season, 13, **GUARDIAN).person == Person.objects.get()


def test_without_consent_nothing_is_stored(open_season: Personas) -> None:
    with pytest.raises(Refused, match="还没有同意《个人信息告知书》"):
        register(open_season, 15, **GUARDIAN, consent_text="")

    assert Person.objects.count() == 0
