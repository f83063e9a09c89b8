"""The desk of the monthly forms: each bureau its own, labour its number, and no button that cannot work."""

import pytest

from tests.support.builders.officers import at_desk, page_of, seen, sends, signed
from tests.support.builders.policy import set_rule
from tests.support.builders.public_season import PublicSeason
from tests.support.personas import Personas, officer
from yangguang import clock
from yangguang.models import MonthlyReport, TechnicianCount
from yangguang.rules.accounts.roles import Role
from yangguang.rules.seasons.windows import SHANGHAI


@pytest.fixture
def month(personas: Personas) -> str:
    """The query string of this month's Form P, the only one due."""
    PublicSeason.lay(personas)
    now = clock.now().astimezone(SHANGHAI)
    set_rule("report.months", [now.month])
    return f"year={now.year}&month={now.month}&form=PROVINCE"


def test_a_county_files_its_own_form_and_the_city_receives_it(personas: Personas, month: str) -> None:
    county, city = at_desk(personas.ce), at_desk(personas.me)
    own = f"{month.replace('PROVINCE', 'CITY')}&unit={personas.county.public_id}"
    assert signed(county, f"/desk/reports/compute/?{own}").status_code == 302
    url = f"/desk/reports/{MonthlyReport.objects.get().public_id}/"
    for act in ("review", "reopen", "review", "seal", "send"):
        before = page_of(county, url)
        at_the_city = page_of(city, url)
        label = {"review": "复核月报", "reopen": "撤回复核", "seal": "封存月报", "send": "报送月报"}[act]

        assert label in before
        assert label not in at_the_city
        assert "由甲市一县自己办理" in seen(sends(city, f"{url}{act}/", {}))
        assert signed(county, f"{url}{act}/").status_code == 302

    assert signed(city, f"{url}receive/").status_code == 302
    assert "签收人" in page_of(county, url)
    assert MonthlyReport.objects.get().state == "RECEIVED"


def test_the_labour_bureau_hands_its_number_over_and_fills_in_no_form(personas: Personas, month: str) -> None:
    labour = at_desk(officer("mh", Role.CITY_LABOUR, personas.city, "labour"))
    page = f"/desk/reports/?{month}"

    assert "人社部门还没有移交" in page_of(at_desk(personas.me), page)
    assert "计算甲市" not in page_of(labour, page)
    assert signed(labour, f"/desk/reports/hand-over/?{month}").status_code == 302
    assert TechnicianCount.objects.get().number == 0
    assert "移交本月技工学校招生数 0 人" in page_of(at_desk(personas.me), page)
    assert "月报由教育部门填报" in seen(sends(labour, f"/desk/reports/compute/?{month}", {}))
