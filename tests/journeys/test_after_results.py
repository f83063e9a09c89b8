"""After the results in a real browser: an offer taken on a phone without scripts, a release asked for and answered."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.site import committed, served_personas, site
from tests.journeys.test_student import comes_in, faults, newest_code
from tests.support.builders.waiting_list import Waited
from tests.support.personas import Personas
from yangguang.models import Account, Admission, Withdrawal
from yangguang.models.base.fields import blind

__all__ = ["committed", "served_personas", "site"]
pytestmark = pytest.mark.browser
NUMBER = "15400000077"
SIZES = ({"width": 375, "height": 800}, {"width": 1440, "height": 900})


@pytest.fixture
def waited(served_personas: Personas) -> Waited:
    """P3 is in B and has an offer in A; P5 waits behind; their families have phones."""
    found = Waited.lay(served_personas)
    found.laid.programme("A", 1, major="护理")
    found.laid.programme("B", 1, major="汽车运用与维修")
    for nth, (number, codes) in enumerate({"P1": "AB", "P3": "AB", "P5": "A"}.items()):
        found.apply(number, 600 - 10 * nth, *codes)
    found.publish()
    found.accepts("P3", wait=True)
    found.declines("P1")
    found.offer_due()
    account = Account.objects.get(pk=found.people["P3"].person.account_id)
    account.username = f"f{blind(NUMBER).hex()[:32]}"  # The name by which a log-in finds the phone's account.
    account.phone, account.phone_hash = NUMBER, blind(NUMBER)
    account.save(update_fields=["username", "phone", "phone_hash"])
    return found


@pytest.fixture
def bare(chromium: Browser) -> Iterator[Page]:
    """A browser that runs no scripts."""
    context = chromium.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", java_script_enabled=False)
    yield context.new_page()
    context.close()


def looks_well(tab: Page) -> None:
    """No serious fault and nothing too wide, on a phone and on a desk."""
    for size in SIZES:
        tab.set_viewport_size(size)
        assert faults(tab) == []


def gives_code(tab: Page, act: str) -> None:
    tab.get_by_role("button", name="获取验证码").click()
    tab.get_by_label("短信验证码").fill(newest_code(NUMBER))
    tab.get_by_role("button", name=act, exact=True).click()


def test_an_offer_is_found_read_and_taken(page: Page, site: str, waited: Waited) -> None:
    comes_in(page, site, NUMBER)
    expect(page.locator("main")).to_contain_text("候补轮到您")
    looks_well(page)
    page.get_by_role("link", name="结果", exact=True).click()
    looks_well(page)
    page.get_by_role("link", name="去应答").first.click()
    looks_well(page)
    page.get_by_role("button", name="选“接受递补”").click()
    looks_well(page)
    gives_code(page, "接受递补")
    expect(page.locator("main")).to_contain_text("候补递补，本人接受")
    looks_well(page)

    assert waited.seats() == {"P3": "A"}


def test_a_family_without_scripts_asks_for_release_and_stays_after_all(bare: Page, site: str, waited: Waited) -> None:
    comes_in(bare, site, NUMBER)
    bare.get_by_role("link", name="退名额").click()
    bare.get_by_label("家庭原因").check()
    bare.get_by_label("补充说明").fill("搬家")
    bare.get_by_role("button", name="下一步：验证码确认").click()
    gives_code(bare, "申请退名额")
    expect(bare.locator("main")).to_contain_text("待学校意见")

    assert Withdrawal.objects.get().state == "REQUESTED"
    bare.get_by_role("button", name="不退了，撤回申请").click()
    gives_code(bare, "撤回申请")
    expect(bare.locator("main")).to_contain_text("本人已撤回")

    assert Admission.objects.get(application=waited.people["P3"], state="WAITING").programme.code == "B"


def test_the_release_and_the_standing_wish_look_well(page: Page, site: str, waited: Waited) -> None:
    comes_in(page, site, NUMBER)
    for name in ("退名额", "让平台替我接受"):
        page.get_by_role("link", name=name).first.click()
        looks_well(page)
        page.go_back()
