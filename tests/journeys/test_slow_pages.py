"""A slow machine: what needs a script waits for it, and codes are pasted as they came."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.site import committed, served_personas, site
from tests.support.builders.web_season import code_for
from tests.support.personas import FAMILY_PHONE, Personas
from tests.support.production import leave_demonstration

__all__ = ["committed", "served_personas", "site"]
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("dress", ["{0} {1}", "验证码{0}{1}", "{0}-{1}"])
def test_a_code_is_pasted_in_any_dress(
    page: Page, site: str, served_personas: Personas, settings: Any, dress: str
) -> None:
    leave_demonstration(settings)
    page.goto(f"{site}/login/")
    page.get_by_label("手机号").fill(FAMILY_PHONE)
    page.get_by_role("button", name="获取验证码").click()
    field = page.get_by_label("短信验证码")
    field.focus()
    code = code_for(FAMILY_PHONE)
    page.keyboard.insert_text(dress.format(code[:3], code[3:]))
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("我的页面")


def test_the_button_of_a_key_waits_for_its_script(
    page: Page, site: str, served_personas: Personas, settings: Any
) -> None:
    leave_demonstration(settings)
    held: list[Route] = []
    page.route("**/webauthn*.js", lambda route: held.append(route))
    page.goto(f"{site}/login/staff/", wait_until="commit")
    page.get_by_label("登录名").fill("pe1")
    page.get_by_role("button", name="下一步").click(no_wait_after=True)
    button = page.locator("[data-key-button]")
    expect(button).to_be_disabled()
    page.wait_for_timeout(500)
    expect(button).to_be_disabled()
    assert held, "the script was asked for"
    for route in held:
        route.continue_()
    expect(button).to_be_enabled()
