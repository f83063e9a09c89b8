"""An officer's first day, in Chromium: account from the console, key bound with its code, then in with that key."""

import base64
import io
import json
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import Page, expect
from webauthn.helpers import base64url_to_bytes, parse_attestation_object

from tests.journeys.site import committed, served_personas, site
from tests.shots import overflow
from tests.support.personas import Personas
from tests.support.production import leave_demonstration
from yangguang.gateways.attestation import claimed_aaguid, makers_in
from yangguang.models import SecurityKey

__all__ = ["committed", "served_personas", "site"]
pytestmark = pytest.mark.browser
DEVICE = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
# Chromium's device makes its certificate again each time, so its make is taken in the moment it is displayed.
_SHOWN = """
const real = navigator.credentials.create.bind(navigator.credentials);
navigator.credentials.create = async (options) => {
  const made = await real(options);
  await window.displayed(made.toJSON());
  return made;
};
"""


@pytest.fixture
def tab(page: Page, site: str, served_personas: Personas, settings: Any, tmp_path: Path) -> Page:
    """A browser with a device plugged in; the folder of models that are taken is empty."""
    leave_demonstration(settings)
    settings.PUBLIC_URL, settings.KEY_MAKERS = site, str(tmp_path)
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return page


@pytest.fixture
def taken(tab: Page, tmp_path: Path) -> None:
    """The maker's root is laid into the folder before the page sends the device's answer."""

    def displayed(answer: dict[str, Any]) -> None:
        attestation = parse_attestation_object(base64url_to_bytes(answer["response"]["attestationObject"]))
        root = base64.encodebytes(attestation.att_stmt.x5c[-1]).decode()
        (tmp_path / f"{claimed_aaguid(answer)} Chromium.pem").write_text(
            f"-----BEGIN CERTIFICATE-----\n{root}-----END CERTIFICATE-----\n"
        )
        makers_in.cache_clear()

    tab.expose_function("displayed", displayed)
    tab.add_init_script(_SHOWN)


def handed_over() -> str:
    out = io.StringIO()
    call_command(
        "createaccount",
        "new1",
        name="某新",
        role="ME",
        unit="甲市",
        sector="education",
        key="K9",
        json=True,
        stdout=out,
    )
    return str(json.loads(out.getvalue())["binding_code"])


def types(tab: Page, site: str, code: str) -> None:
    tab.goto(f"{site}/login/staff/")
    tab.get_by_role("link", name="绑定优盾").click()
    tab.get_by_label("登录名").fill("new1")
    tab.get_by_label("绑定码").fill(code)
    tab.get_by_role("button", name="下一步：插入优盾").click()


def test_a_key_is_bound_with_its_code_and_then_opens_the_desk(tab: Page, taken: None, site: str) -> None:
    types(tab, site, handed_over().lower())
    tab.get_by_role("button", name="绑定这把优盾").click()
    expect(tab.get_by_role("status")).to_contain_text("账号 new1 已绑定这把优盾")
    tab.get_by_role("link", name="去登录").click()
    tab.get_by_label("登录名").fill("new1")
    tab.get_by_role("button", name="下一步：优盾签名").click()
    tab.get_by_role("button", name="登录（优盾签名）").click()
    tab.wait_for_url(f"{site}/desk/")

    assert SecurityKey.objects.get(serial="K9").state == "BOUND"


def test_a_device_of_an_unknown_make_is_refused_in_words(tab: Page, site: str) -> None:
    types(tab, site, handed_over())
    tab.get_by_role("button", name="绑定这把优盾").click()
    expect(tab.locator("main")).to_contain_text("不在准用目录内")

    assert SecurityKey.objects.get(serial="K9").state == "RECEIVED"


@pytest.mark.parametrize("width", [375, 1440])
def test_the_pages_of_binding_are_accessible_and_fit(tab: Page, taken: None, site: str, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    code, found = handed_over(), []
    tab.goto(f"{site}/login/key/")

    def look() -> None:
        faults = Axe().run(tab).response["violations"]
        found.extend([v["id"] for v in faults if v["impact"] in ("serious", "critical")])
        found.extend(["overflow"] * (overflow(tab) > 0))

    look()
    types(tab, site, "2222-2222-2222")
    look()
    types(tab, site, code)
    look()
    tab.get_by_role("button", name="绑定这把优盾").click()
    expect(tab.get_by_role("status")).to_be_visible()
    look()

    assert found == []
