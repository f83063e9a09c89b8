"""Coming in, in Chromium: an officer's key really signs in the browser; a press enters as a demo persona."""

import base64
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.sync_api import Page, expect

from tests.journeys.site import committed, served_personas, site
from tests.shots import overflow
from tests.support.personas import Personas
from yangguang.simulation.soft_key import SoftKey

__all__ = ["committed", "served_personas", "site"]
pytestmark = pytest.mark.browser


def plug_in(tab: Page, key: SoftKey) -> None:
    """Put the officer's key into the browser's USB port, PIN known and touched when asked."""
    session = tab.context.new_cdp_session(tab)
    session.send("WebAuthn.enable")
    options: dict[str, Any] = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    added = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    secret = key._secret.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    credential = {
        "credentialId": base64.b64encode(key.credential_id).decode(),
        "isResidentCredential": False,
        "rpId": "localhost",
        "privateKey": base64.b64encode(secret).decode(),
        "signCount": key.sign_count + 1,
    }
    session.send("WebAuthn.addCredential", {"authenticatorId": added["authenticatorId"], "credential": credential})


@pytest.fixture
def officers(site: str, served_personas: Personas, settings: Any) -> Personas:
    settings.PUBLIC_URL = site
    return served_personas


def asks_key(tab: Page, site: str, name: str) -> None:
    tab.goto(f"{site}/login/staff/")
    tab.get_by_label("登录名").fill(name)
    tab.get_by_role("button", name="下一步：优盾签名").click()


def test_an_officers_key_signs_the_log_in_in_the_browser(page: Page, site: str, officers: Personas) -> None:
    plug_in(page, officers.ce.key)
    asks_key(page, site, "ce")
    page.get_by_role("button", name="登录（优盾签名）").click()
    page.wait_for_url(f"{site}/desk/")


def test_a_strangers_key_is_refused_in_words_and_nothing_is_opened(page: Page, site: str, officers: Personas) -> None:
    plug_in(page, officers.me.key)
    asks_key(page, site, "ce")
    page.get_by_role("button", name="登录（优盾签名）").click()
    expect(page.get_by_role("alert")).to_contain_text("没有签名")

    assert all(cookie["name"] != "sessionid" for cookie in page.context.cookies())


def test_the_demonstrations_doors_open_by_a_press(page: Page, site: str, officers: Personas) -> None:
    page.goto(f"{site}/demo/")
    page.get_by_role("button", name="进入为县（市、区）教育局").click()
    page.wait_for_url(f"{site}/desk/")

    assert [cookie["name"] for cookie in page.context.cookies() if cookie["httpOnly"]] == ["sessionid"]


@pytest.mark.parametrize("path", ["/login/", "/login/staff/", "/demo/"])
@pytest.mark.parametrize("width", [375, 1440])
def test_the_ways_in_are_accessible_and_fit(page: Page, site: str, officers: Personas, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(site + path)
    found = [v["id"] for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]

    assert (found, overflow(page)) == ([], 0)


def test_large_letters_are_kept_from_page_to_page(page: Page, site: str, officers: Personas) -> None:
    page.goto(f"{site}/login/")
    page.get_by_role("link", name="长辈版").first.click()
    page.goto(f"{site}/demo/")

    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == 20
