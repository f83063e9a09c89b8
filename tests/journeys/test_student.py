"""A family goes the whole way on a phone: log-in, registration, choices, code, receipt; with scripts and without."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.site import committed, served_personas, site
from tests.shots import overflow
from tests.support.builders.enrolment import id_number
from tests.support.builders.web_season import Desk
from tests.support.personas import Personas
from yangguang.gateways.sms import FakeSms
from yangguang.models import Application, ChoiceVersion
from yangguang.rules.seasons.windows import WindowKind

__all__ = ["committed", "served_personas", "site"]
pytestmark = pytest.mark.browser
PHONE = {"width": 375, "height": 800}
NUMBER = "15400000088"


def faults(tab: Page) -> list[str]:
    """Serious faults of the page, and how far it is wider than the window."""
    found = Axe().run(tab).response["violations"]
    told = [f"{f['id']}: {f['nodes'][0]['html']}" for f in found if f["impact"] in ("serious", "critical")]
    return told + ([f"宽出 {over} 像素"] if (over := overflow(tab)) else [])


def newest_code(number: str) -> str:
    found = re.search(r"验证码(\d{6})", FakeSms().messages(number)[-1].text)
    assert found is not None
    return found[1]


def comes_in(tab: Page, site: str, number: str = NUMBER) -> None:
    tab.goto(f"{site}/login/")
    tab.get_by_label("手机号").fill(number)
    tab.get_by_role("button", name="获取验证码").click()
    tab.get_by_label("短信验证码").fill(newest_code(number))
    tab.get_by_role("button", name="登录", exact=True).click()
    tab.wait_for_url("**/me/**")


def goes_on(tab: Page) -> None:
    tab.get_by_role("button", name="保存并继续").click()


@pytest.fixture
def tab(page: Page) -> Page:
    page.set_viewport_size(PHONE)
    return page


def test_a_family_registers_step_by_step_and_nothing_typed_is_lost(
    tab: Page, site: str, served_personas: Personas
) -> None:
    served_personas.open(WindowKind.REGISTRATION)
    comes_in(tab, site)
    tab.get_by_role("link", name="开始报名").click()

    assert tab.locator("input:checked").count() == 0
    assert faults(tab) == []
    tab.get_by_label("考生本人").check()
    tab.get_by_label("我已阅读并同意").check()
    goes_on(tab)
    tab.get_by_label("姓名").fill("某小阳")
    identity = tab.get_by_label("身份证号")
    identity.fill(id_number(3)[:-1] + ("1" if id_number(3)[-1] != "1" else "2"))
    identity.blur()
    expect(tab.locator("#id_id_number_live")).to_contain_text("有一位或几位写错了")
    identity.fill(id_number(3))
    identity.blur()
    expect(tab.locator("#id_id_number_live")).to_contain_text("号码格式正确")
    goes_on(tab)
    tab.get_by_label("生源类别").select_option("junior_this_year")
    goes_on(tab)
    expect(tab.get_by_role("alert")).to_contain_text("户籍（生源）县")

    assert tab.get_by_label("生源类别").input_value() == "junior_this_year"
    assert faults(tab) == []
    tab.get_by_label("户籍（生源）县").select_option(label="甲市一县")
    goes_on(tab)
    tab.goto(f"{site}/me/register/")  # Coming back, one is at the step where one stopped.
    tab.get_by_label("监护人姓名").fill("某大阳")
    tab.get_by_label("与考生关系").select_option("父亲")
    tab.get_by_label("监护人手机号").fill("15450000001")
    goes_on(tab)
    tab.get_by_label("没有，或不想填写").check()
    goes_on(tab)
    expect(tab.locator("main")).to_contain_text(id_number(3))

    assert faults(tab) == []
    tab.get_by_role("button", name="提交报名").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("报名信息已收到")

    assert faults(tab) == []
    tab.get_by_role("link", name="到我的页面查看").click()
    expect(tab.locator("main")).to_contain_text("报名成功，报名号")

    assert Application.objects.get().person.name == "某小阳"
    assert faults(tab) == []


def agrees_alone(tab: Page, site: str, served_personas: Personas) -> None:
    """The student has logged in and agreed without a guardian; the page of the person is open."""
    served_personas.open(WindowKind.REGISTRATION)
    comes_in(tab, site)
    tab.goto(f"{site}/me/register/consent/")
    tab.get_by_label("考生本人").check()
    tab.get_by_label("我已阅读并同意").check()
    goes_on(tab)


def test_a_field_is_kept_as_it_is_left_and_stands_there_again(tab: Page, site: str, served_personas: Personas) -> None:
    agrees_alone(tab, site, served_personas)
    tab.get_by_label("姓名").fill("某小阳")
    tab.get_by_label("身份证号").focus()
    expect(tab.locator("[data-autosave-status]")).to_have_text("刚填的内容已自动保存，还没有提交")
    tab.get_by_label("身份证号").press_sequentially("490101")
    tab.goto(f"{site}/")  # Left in the middle of a field; what it sends on leaving is not waited for.
    tab.wait_for_timeout(1000)
    tab.goto(f"{site}/me/register/")
    expect(tab.get_by_label("姓名")).to_have_value("某小阳")
    expect(tab.get_by_label("身份证号")).to_have_value("490101")
    tab.get_by_label("身份证号").fill(id_number(3))
    tab.get_by_label("姓名").focus()
    goes_on(tab)
    expect(tab).to_have_url(re.compile("/register/origin/$"))


def test_going_back_to_a_step_and_changing_it_is_no_conflict_but_an_older_tab_is(
    tab: Page, site: str, served_personas: Personas
) -> None:
    agrees_alone(tab, site, served_personas)
    tab.get_by_label("姓名").fill("某小阳")
    tab.get_by_label("身份证号").fill(id_number(3))
    goes_on(tab)
    older = tab.context.new_page()
    older.goto(tab.url)
    tab.go_back()
    tab.get_by_label("姓名").fill("某小月")
    goes_on(tab)
    expect(tab).to_have_url(re.compile("/register/origin/$"))
    older.get_by_label("毕业学校").fill("乙市中学")
    older.get_by_role("button", name="保存并继续").click()
    expect(older.get_by_role("alert")).to_contain_text("已在另一个页面改过")
    expect(older.locator("main")).to_contain_text("乙市中学")
    expect(older.locator("main")).to_contain_text("某小月")

    assert faults(older) == []


def test_a_child_under_14_is_sent_back_to_the_guardian_and_its_number_is_not_kept(
    tab: Page, site: str, served_personas: Personas
) -> None:
    agrees_alone(tab, site, served_personas)
    tab.get_by_label("姓名").fill("某小小")
    tab.get_by_label("身份证号").fill(id_number(4, f"{served_personas.season.year - 12}0101"))
    goes_on(tab)
    expect(tab.get_by_role("alert")).to_contain_text("考生未满14周岁")
    tab.goto(f"{site}/me/register/person/")
    expect(tab).to_have_url(re.compile("/register/consent/$"))


def test_the_guardian_of_a_child_under_14_agrees_on_the_page_that_asks(
    tab: Page, site: str, served_personas: Personas
) -> None:
    agrees_alone(tab, site, served_personas)
    tab.get_by_label("姓名").fill("某小小")
    tab.get_by_label("身份证号").fill(id_number(4, f"{served_personas.season.year - 12}0101"))
    goes_on(tab)
    tab.get_by_label("监护人", exact=True).check()
    tab.get_by_label("我已阅读并同意").check()
    goes_on(tab)
    expect(tab).to_have_url(re.compile("/register/person/$"))
    expect(tab.get_by_label("姓名")).to_have_value("")


@pytest.fixture
def desk(served_personas: Personas) -> Desk:
    return Desk.lay(served_personas)


@pytest.fixture(params=[True, False], ids=["with_scripts", "without_scripts"])
def any_tab(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = chromium.new_context(java_script_enabled=request.param, locale="zh-CN", viewport=PHONE)
    yield context.new_page()
    context.close()


def test_choices_are_put_in_order_checked_and_submitted_with_a_code(any_tab: Page, site: str, desk: Desk) -> None:
    tab, number = any_tab, "15400000001"
    comes_in(tab, site, number)
    tab.get_by_role("link", name="去填报").click()
    for major in ("护理0", "护理2"):
        tab.get_by_role("button", name=re.compile(f"^加入：.*{major}")).click()
    expect(tab.locator(".chip", has_text="草稿·未生效")).to_be_visible()
    tab.get_by_role("button", name=re.compile("^上移：.*护理2")).click()
    expect(tab.locator(".choice-name").first).to_contain_text("护理2")
    tab.get_by_role("button", name="去核对并提交").click()
    tab.get_by_role("button", name="获取验证码").click()
    tab.get_by_label("短信验证码").fill("000000")
    tab.get_by_role("button", name="提交志愿").click()
    expect(tab.get_by_role("alert").first).to_contain_text("验证码不对")
    tab.get_by_label("短信验证码").fill(newest_code(number))
    tab.get_by_role("button", name="提交志愿").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("志愿回执")
    version = ChoiceVersion.objects.get()

    assert version.programmes == [desk.programmes[2].pk, desk.programmes[0].pk]
    expect(tab.locator(".code-value").first).to_have_text(f"{desk.application.number}-01")


def test_adding_and_removing_change_the_page_in_place_and_are_spoken(tab: Page, site: str, desk: Desk) -> None:
    comes_in(tab, site, "15400000001")
    tab.goto(site + desk.choices_url)
    tab.evaluate("window.stays = true")
    tab.get_by_role("button", name=re.compile("^加入：.*护理2")).click()
    expect(tab.locator("[data-pick-status]")).to_contain_text("我的志愿 1 个，最多 3 个，草稿，还没有提交")
    expect(tab.locator(":focus")).to_have_text("已加入")
    tab.get_by_role("button", name=re.compile("^移除：.*护理2")).click()
    expect(tab.locator("[data-pick-status]")).to_contain_text("我的志愿 0 个")
    expect(tab.locator(":focus")).to_have_text("我的志愿")

    assert tab.evaluate("window.stays")
    assert desk.fresh().draft_programmes == []


def test_programmes_are_searched_in_place_and_back_leaves_the_page(tab: Page, site: str, desk: Desk) -> None:
    comes_in(tab, site, "15400000001")
    before = tab.url
    tab.goto(site + desk.choices_url)
    tab.get_by_label("学校或专业").fill("护理1")
    tab.get_by_role("button", name="查找").click()
    expect(tab.locator("[data-pick-status]")).to_contain_text("这一页列出 1 个专业")
    expect(tab.locator(":focus")).to_have_text("查找")
    expect(tab).to_have_url(re.compile("q=%E6%8A%A4%E7%90%861"))
    tab.go_back()

    assert tab.url == before


def test_an_addition_that_is_refused_in_place_is_explained_on_a_page(tab: Page, site: str, desk: Desk) -> None:
    comes_in(tab, site, "15400000001")
    tab.goto(site + desk.choices_url)
    desk.programmes[2].origins = ["veteran"]
    desk.programmes[2].save(update_fields=["origins"])
    tab.get_by_role("button", name=re.compile("^加入：.*护理2")).click()
    expect(tab.locator("main")).to_contain_text("不能加入")


def test_moving_a_choice_that_is_in_force_makes_it_a_draft_before_ones_eyes(tab: Page, site: str, desk: Desk) -> None:
    desk.add(desk.programmes[0], desk.programmes[1])
    desk.proves(desk.choices_url + "submit/")
    comes_in(tab, site, "15400000001")
    tab.goto(site + desk.choices_url)
    expect(tab.locator(".chip", has_text="已提交·生效")).to_be_visible()
    tab.get_by_role("button", name=re.compile("^上移：.*护理1")).click()
    expect(tab.locator(".chip", has_text="草稿·未生效")).to_be_visible()

    assert desk.fresh().draft_programmes == [desk.programmes[1].pk, desk.programmes[0].pk]


def test_every_page_of_the_desk_is_accessible_and_fits_a_phone(tab: Page, site: str, desk: Desk) -> None:
    desk.add(*desk.programmes[:2])
    comes_in(tab, site, "15400000001")
    pages = ["/me/", desk.url("results/"), desk.choices_url, desk.choices_url + "submit/", "/me/messages/", "/me/seen/"]
    found = {}
    for url in pages:
        tab.goto(site + url)
        if problems := faults(tab):
            found[url] = problems

    assert found == {}
