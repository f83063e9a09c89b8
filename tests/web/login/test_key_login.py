"""Officers log in with name and key."""

import json
import re

from django.test import Client

from tests.support.builders.web_season import text
from tests.support.personas import Personas
from tests.web.login.officers import options_in, sign_in
from yangguang import clock
from yangguang.actions.accounts import keys
from yangguang.models import Account, AuditEntry, RoleAssignment, SecurityKey
from yangguang.rules.accounts.roles import Role


def test_an_officer_logs_in_with_name_and_key(personas: Personas, browser: Client) -> None:
    done = sign_in(browser, personas.ce)

    assert (done.status_code, done.headers["Location"]) == (302, "/desk/")

    entry = AuditEntry.objects.filter(action="account.sign_in").get()

    assert (entry.outcome, entry.facts) == ("DONE", {"key": "DEMO-ce"})


def test_another_officers_key_does_not_open_the_account(personas: Personas, browser: Client) -> None:
    page = browser.post("/login/staff/", {"username": "ce"})
    assertion = json.dumps(personas.me.key.sign(options_in(page)))
    answer = browser.post("/login/staff/", {"username": "ce", "_step": "act", "_assertion": assertion})

    assert answer.status_code == 403
    assert "登录名和优盾对不上" in text(answer)
    assert "account" not in browser.session


def test_an_unknown_name_is_answered_exactly_like_a_known_one(personas: Personas, browser: Client) -> None:
    known, unknown = (browser.post("/login/staff/", {"username": name}) for name in ("ce", "zz"))
    shapes = [
        {key: len(str(value)) if key != "challenge" else 0 for key, value in options_in(answer).items()}
        for answer in (known, unknown)
    ]

    assert shapes[0] == shapes[1]

    again = options_in(browser.post("/login/staff/", {"username": "zz"}))

    assert again["allowCredentials"] == options_in(unknown)["allowCredentials"]

    tried = [
        browser.post("/login/staff/", {"username": name, "_step": "act", "_assertion": "{}"}) for name in ("ce", "zz")
    ]

    assert [answer.status_code for answer in tried] == [403, 403]

    refusals = [re.findall(r'class="refusal-what">.*?</dl>', t.content.decode(), re.S) for t in tried]

    assert refusals[0] == refusals[1] != []


def test_a_revoked_key_ends_the_live_session(personas: Personas, browser: Client) -> None:
    sign_in(browser, personas.ce)

    assert browser.get("/login/").status_code == 302

    personas.me.sign(keys.revoke, key=SecurityKey.objects.get(serial="DEMO-ce"), reason="遗失")

    assert browser.get("/login/").status_code == 200


def test_an_officer_with_two_posts_chooses_one(personas: Personas, browser: Client) -> None:
    account = Account.objects.get(username="ce")
    RoleAssignment.objects.create(
        account=account, role=Role.CITY_EDUCATION.value, unit=personas.city, sector="education"
    )
    done = sign_in(browser, personas.ce)

    assert done.headers["Location"] == "/login/seat/"

    page = browser.get("/login/seat/").content.decode()
    values = re.findall(r'name="seat" value="([^"]+)"', page)

    assert len(values) == 2
    assert browser.post("/login/seat/", {"seat": values[1]}).headers["Location"] == "/desk/"
    assert browser.post("/login/seat/", {"seat": "another-post"}).status_code == 403


def test_a_frozen_account_is_a_guest_at_once(personas: Personas, browser: Client) -> None:
    sign_in(browser, personas.ce)
    Account.objects.filter(username="ce").update(frozen_at=clock.now())

    assert browser.get("/login/").status_code == 200
    assert sign_in(Client(raise_request_exception=False), personas.ce).status_code == 403
