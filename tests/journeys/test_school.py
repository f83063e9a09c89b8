"""A school at work in Chromium: check-in by list with the key, and every page of the desk at both widths."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.site import committed, served_personas, site
from tests.shots import overflow
from tests.support.builders.officers import at_desk
from tests.support.builders.public_season import PublicSeason
from tests.support.personas import Personas
from yangguang.models import Admission
from yangguang.rules.base.numbers import luhn
from yangguang.rules.seasons.windows import WindowKind

__all__ = ["committed", "served_personas", "site"]
pytestmark = pytest.mark.browser
PAGES = (
    "/school/",
    "/school/plan/",
    "/school/applicants/",
    "/school/admissions/",
    "/school/admissions/people/",
    "/school/check-in/",
    "/school/records/",
    "/school/own-tests/",
)
UNKNOWN_NUMBER = "242000000000000" + luhn("242000000000000")
"""A possible 报名号 that was assigned to no student."""


@pytest.fixture
def public_season(served_personas: Personas) -> PublicSeason:
    public_season = PublicSeason.lay(served_personas)
    served_personas.open(WindowKind.CHECK_IN)
    return public_season


def signs_in(page: Page, site: str, who: object) -> None:
    """Give the browser the session of an officer who has signed in."""
    key = at_desk(who).cookies["sessionid"].value  # type: ignore[arg-type]
    page.context.add_cookies([{"name": "sessionid", "value": key, "url": site}])


def serious_faults(tab: Page) -> list[str]:
    found = Axe().run(tab).response["violations"]
    return [f"{f['id']}: {f['nodes'][0]['html']}" for f in found if f["impact"] in ("serious", "critical")]


def test_students_are_checked_in_by_ticking_and_pasting(page: Page, site: str, public_season: PublicSeason) -> None:
    one, two = public_season.admitted("某甲"), public_season.admitted("某乙")
    signs_in(page, site, public_season.personas.teacher)
    page.goto(f"{site}/school/")
    page.get_by_role("link", name="办理报到").click()
    page.get_by_role("checkbox", name=one.application.number).check()
    page.get_by_label("粘贴报名号").fill(f"{two.application.number}\n{UNKNOWN_NUMBER}")
    page.get_by_role("button", name="办理报到").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("为 3 个报名号办理报到")
    page.get_by_role("button", name="用演示优盾签名").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("报到办理结果")
    expect(page.locator("main tbody tr")).to_contain_text("本校的录取名单中没有这个报名号")

    assert set(Admission.objects.values_list("state", flat=True)) == {"CHECKED_IN"}


@pytest.mark.parametrize("width", [375, 1440])
def test_every_page_fits_its_window_and_is_accessible(
    page: Page, site: str, public_season: PublicSeason, width: int
) -> None:
    public_season.admitted("某甲")
    signs_in(page, site, public_season.personas.teacher)
    page.set_viewport_size({"width": width, "height": 900})
    faults = {}
    for path in PAGES:
        answer = page.goto(site + path)
        assert answer is not None and answer.status == 200, path
        faults[path] = serious_faults(page) + ([f"宽出{over}像素"] if (over := overflow(page)) else [])

    assert faults == {path: [] for path in PAGES}
