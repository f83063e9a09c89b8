"""A family walks through the public site in Chromium: finds a school, compares, looks its result up, is not tracked."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.site import committed, served_personas, site
from tests.shots import overflow
from tests.support.builders.public_season import PublicSeason
from tests.support.personas import Personas
from yangguang.models import Admission
from yangguang.rules.seasons.windows import WindowKind

__all__ = ["committed", "served_personas", "site"]
pytestmark = pytest.mark.browser
PHONE = {"width": 375, "height": 800}


@pytest.fixture
def public_season(served_personas: Personas) -> PublicSeason:
    public_season = PublicSeason.lay(served_personas)
    served_personas.open(WindowKind.REGISTRATION)
    public_season.notice("名录公告")
    public_season.warns(public_season.school("乙市农校"), "虚假宣传")
    return public_season


@pytest.fixture
def admitted(public_season: PublicSeason) -> Admission:
    return public_season.admitted("某小阳")


def pages(public_season: PublicSeason) -> list[str]:
    notice = public_season.notice("另一条公告")
    return [
        "/",
        "/calendar/",
        "/schools/",
        f"/schools/{public_season.personas.school.public_id}/",
        "/plans/",
        "/notices/",
        f"/notices/{notice.public_id}/",
        "/rules/",
        "/disclosure/",
        f"/disclosure/{public_season.enrolled.round.public_id}/",
        "/result/",
        "/audit/roots/",
        "/open-data/",
        "/manuals/",
        "/schools/?text=nothing",
        f"/plans/compare/?programme={public_season.enrolled.programme().public_id}",
    ]


def serious_faults(tab: Page) -> list[str]:
    found = Axe().run(tab).response["violations"]
    return [f"{f['id']}: {f['nodes'][0]['html']}" for f in found if f["impact"] in ("serious", "critical")]


def test_a_family_finds_a_school_on_a_phone_and_sees_the_seats_left(
    page: Page, site: str, public_season: PublicSeason
) -> None:
    page.set_viewport_size(PHONE)
    page.goto(site)
    page.context.clear_cookies()
    page.get_by_role("link", name="查学校和专业").click()
    page.get_by_label("学校名称").fill("jsdyzy")
    page.get_by_role("button", name="查学校").click()
    expect(page.locator("main tbody tr")).to_have_count(1)
    page.get_by_role("link", name="甲市第一职业学校").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("甲市第一职业学校")
    expect(page.locator(".stat", has_text="剩余名额")).to_contain_text("50")

    assert page.context.cookies() == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_two_programmes_are_compared_with_and_without_scripts(
    chromium: Browser, site: str, public_season: PublicSeason, scripts: bool
) -> None:
    context = chromium.new_context(java_script_enabled=scripts, viewport=PHONE)
    tab = context.new_page()
    tab.goto(site + "/plans/")
    for box in tab.get_by_role("checkbox", name="比较").all():
        box.check()
    tab.get_by_role("button", name="比较所选").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("比较 2 个专业")
    tab.get_by_role("link", name="不比较这个").first.click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("比较 1 个专业")
    context.close()


def test_a_wrong_fact_keeps_what_was_typed_and_the_right_ones_show_the_result(
    page: Page, site: str, public_season: PublicSeason, admitted: Admission
) -> None:
    page.goto(site + "/result/")
    page.get_by_label("报名号").fill(admitted.application.number)
    page.get_by_label("姓名").fill("某小阴")
    page.get_by_label("证件号码").fill(admitted.person.id_number.reveal())
    page.get_by_role("button", name="查结果").click()
    expect(page.get_by_role("alert")).to_contain_text("没有查到结果")
    page.get_by_label("姓名").fill("某小阳")
    page.get_by_role("button", name="查结果").click()
    expect(page.get_by_role("heading", name="甲市第一职业学校")).to_be_visible()
    expect(page.locator("main")).to_contain_text("第 1 志愿录取")

    assert "某小阳" not in page.content()
    assert admitted.application.number not in page.url


def test_large_letters_stay_from_page_to_page(page: Page, site: str, public_season: PublicSeason) -> None:
    page.set_viewport_size(PHONE)
    page.goto(site + "/plans/")
    page.get_by_role("link", name="长辈版").first.click()
    expect(page).to_have_url(site + "/plans/")
    page.goto(site + "/rules/")

    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == 20


def test_axe_finds_nothing_serious_on_any_public_page(page: Page, site: str, public_season: PublicSeason) -> None:
    page.set_viewport_size(PHONE)
    faults = {}
    for path in pages(public_season):
        page.goto(site + path)
        if found := serious_faults(page):
            faults[path] = found

    assert faults == {}


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder"])
def test_no_public_page_is_wider_than_its_window(
    page: Page, site: str, public_season: PublicSeason, elder: bool
) -> None:
    if elder:
        page.goto(site + "/elder?next=/")
    wide = []
    for path in pages(public_season):
        for width in (320, 375, 1440):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(site + path)
            wide += [(path, width, over)] if (over := overflow(page)) else []

    assert wide == []


def test_every_link_of_the_public_pages_leads_somewhere(page: Page, site: str, public_season: PublicSeason) -> None:
    links = set()
    for path in pages(public_season):
        page.goto(site + path)
        links |= set(
            page.eval_on_selector_all("a[href^='/'], a[href^='?']", "all => all.map(a => a.href.split('#')[0])")
        )
    broken = [link for link in sorted(links) if page.request.get(link).status >= 400]

    assert broken == []
