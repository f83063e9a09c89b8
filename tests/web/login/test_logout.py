"""Log-out, and the size of the letters."""

from django.test import Client

from tests.support.personas import Personas
from tests.web.login.officers import sign_in


def test_log_out_ends_the_session_and_needs_a_post(personas: Personas, browser: Client) -> None:
    sign_in(browser, personas.ce)

    assert browser.get("/logout/").status_code == 405
    assert "account" in browser.session
    assert browser.post("/logout/").headers["Location"] == "/"
    assert "account" not in browser.session


def test_letters_grow_and_shrink_in_this_browser_only(personas: Personas, browser: Client) -> None:
    assert 'class="elder"' not in browser.get("/login/").content.decode()
    assert browser.get("/elder?next=/login/").headers["Location"] == "/login/"
    assert 'class="elder"' in browser.get("/login/").content.decode()

    browser.get("/elder")

    assert 'class="elder"' not in browser.get("/login/").content.decode()
    assert browser.get("/elder?next=//evil.example").headers["Location"] == "/"
