"""An age that no applicant has never switches the guardian off: the number is sent to the counter with a sentence."""

from datetime import date, timedelta

import pytest

from tests.support.builders.family import Family
from tests.support.builders.policy import set_rule
from tests.support.builders.web_season import text
from tests.support.personas import Personas
from yangguang.models import Application
from yangguang.rules.base.id_number import check_digit
from yangguang.rules.seasons.windows import WindowKind

pytestmark = pytest.mark.django_db
YESTERDAY = f"{date.today() - timedelta(days=1):%Y%m%d}"


def number_born(day: str) -> str:
    head = f"490101{day}001"
    return head + check_digit(head)


@pytest.fixture
def family(personas: Personas) -> Family:
    personas.open(WindowKind.REGISTRATION)
    return Family(personas).signs_in()


@pytest.mark.parametrize("day", ["19010101", "19090101", YESTERDAY])
def test_a_birth_of_1901_or_of_yesterday_does_not_register(family: Family, day: str) -> None:
    answer = family.answers(consent_by="student", id_number=number_born(day))

    assert answer.status_code == 422
    assert "不能在网上报名" in text(answer)
    assert "现场登记" in text(answer)
    assert Application.objects.count() == 0
    live = family.client.post("/me/register/check-id/", {"id_number": number_born(day)})

    assert "现场登记" in text(live)


def test_the_bounds_are_those_of_the_rule_row(family: Family) -> None:
    born = f"{date.today().year - 71}0101"

    assert family.answers(id_number=number_born(born)).status_code == 422
    set_rule("person.oldest", 75)

    assert family.answers(id_number=number_born(born)).status_code == 302
