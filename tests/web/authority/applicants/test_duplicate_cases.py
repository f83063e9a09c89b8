"""Duplicate cases at the desk of their level."""

import pytest

from tests.support.builders.bureau_lists import add_to_lists
from tests.support.builders.officers import at_desk, page_of, seen, signed
from tests.support.builders.public_season import PublicSeason
from tests.support.personas import officer
from yangguang.models import (
    IdentityCase,
)
from yangguang.rules.accounts.roles import Role

pytestmark = pytest.mark.django_db


def test_a_case_is_settled_at_its_level_with_masked_names(public_season: PublicSeason) -> None:
    add_to_lists(public_season, 1)
    case = IdentityCase.objects.get()
    county, url = at_desk(public_season.personas.ce), f"/desk/cases/{case.public_id}/"
    page = page_of(county, url)

    assert "某*" in page
    assert case.person.id_number.reveal() not in page
    assert "本人选择中职，保留" in page
    assert "没有找到" in seen(at_desk(officer("me2", Role.CITY_EDUCATION, public_season.personas.other_city)).get(url))
    assert county.post(f"{url}settle/", {"verdict": "SAME"}).status_code == 422
    assert signed(county, f"{url}settle/", {"verdict": "STAYS"}).status_code == 302
    case.refresh_from_db()

    assert (case.state, case.verdict) == ("SETTLED", "STAYS")


@pytest.mark.parametrize("key", ["1e400,1e400", "NaN,1", '1,"\\ud800"', "true,1", "1e300,1", "1e300,1e300"])
def test_a_key_somebody_typed_begins_the_cases_at_the_beginning(public_season: PublicSeason, key: str) -> None:
    add_to_lists(public_season, 1)
    county, case = at_desk(public_season.personas.ce), str(IdentityCase.objects.get().public_id)
    after, before = (county.get("/desk/cases/", {name: f"[{key}]"}) for name in ("after", "before"))

    assert (after.status_code, before.status_code) == (200, 200)
    assert case in after.content.decode()
