"""Officers with soft keys and families with telephones: how a test acts as one of them."""

import json
import re
from typing import Any

from django.http import HttpResponse
from django.test import Client, TestCase

from yangguang.actions.accounts import step_up_requests
from yangguang.actions.base.action import Action
from yangguang.gateways.sms import FakeSms
from yangguang.models import Account
from yangguang.rules.accounts.actors import GUEST, Actor
from yangguang.simulation.clients import OfficerClient, approve_by_two

__all__ = ["OfficerClient", "PhoneClient", "approve_by_two", "options_in", "signature_for"]
Act = Action[..., Any]


class PhoneClient:
    """The telephones of families; what is sent on commit is sent at once, inside the test's transaction."""

    def request_code(self, number: str, act: str, content: bytes, by: Actor = GUEST) -> str:
        """Ask for a code and read it from the newest message."""
        with TestCase.captureOnCommitCallbacks(execute=True):
            step_up_requests.send_code(by=by, act=act, content=content, phone=number)
        code = re.search(r"验证码(\d{6})", FakeSms().messages(number)[-1].text)
        assert code is not None
        return code[1]

    def confirm(self, number: str, by: Actor, action: Act, **kwargs: Any) -> Any:
        """Call an action of a family with the code sent to its phone."""
        act = action.prepare(by=by, **kwargs)
        code = self.request_code(number, action.spec.name, act.content, by)
        return act.with_step_up(code=code).execute()


def open_browser() -> Client:
    """A browser that has opened the log-in page, and so has the cookie that its codes are bound to."""
    client = Client(raise_request_exception=False)
    client.get("/login/")
    return client


def options_in(page: HttpResponse) -> dict[str, Any]:
    """The challenge that a page gives to the key; {} when it asks for no signature."""
    attribute = re.search(r'data-sign="([^"]*)"', page.content.decode())
    options: dict[str, Any] = json.loads(attribute[1].replace("&quot;", '"')) if attribute else {}
    return options


def signature_for(page: HttpResponse, browser: Client) -> dict[str, str]:
    """The fields by which the officer signed in at `browser` confirms what the page shows."""
    officer = OfficerClient(Account.objects.get(pk=browser.session["account"]).username)
    options = options_in(page)
    return {"_step": "act", "_assertion": json.dumps(officer.key.sign(options)) if options else ""}
