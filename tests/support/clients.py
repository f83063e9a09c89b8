"""Officers with soft keys and families with telephones: how a test acts as one of them."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client, TestCase

from yangguang.actions.accounts import step_up_requests
from yangguang.actions.base.action import Action
from yangguang.actions.base.dual_approval import require_done
from yangguang.gateways.sms import FakeSms
from yangguang.models import Account, SecurityKey
from yangguang.queries.accounts.actors import load_actor
from yangguang.rules.accounts import key_states
from yangguang.rules.accounts.actors import GUEST, Actor
from yangguang.simulation.soft_key import SoftKey

Act = Action[..., Any]


@dataclass
class OfficerClient:
    """An officer with an account and a soft key, whose seed is the log-in name."""

    username: str
    _actor: Actor | None = None
    _key: SoftKey | None = field(default=None, repr=False)

    @property
    def actor(self) -> Actor:
        self._actor = self._actor or load_actor(Account.objects.get(username=self.username).pk)
        return self._actor

    @property
    def key(self) -> SoftKey:
        if self._key is None:
            bound = SecurityKey.objects.filter(account__username=self.username, state=key_states.BOUND).first()
            origin, count = settings.PUBLIC_URL.rstrip("/"), bound.sign_count if bound else 0
            self._key = SoftKey(self.username.encode(), origin, sign_count=count)
        return self._key

    def act(self, action: Act, **kwargs: Any) -> Any:
        """Call an action that asks for no signature."""
        return action(by=self.actor, **kwargs)

    def sign(self, action: Act, **kwargs: Any) -> Any:
        """Call an action with the key's signature over its content."""
        act = action.prepare(by=self.actor, **kwargs)
        options = step_up_requests.challenge(by=self.actor, act=action.spec.name, content=act.content)
        return act.with_step_up(assertion=json.dumps(self.key.sign(options))).execute()


def approve_by_two(first: OfficerClient, second: OfficerClient, action: Act, **kwargs: Any) -> Any:
    """Call an action of dual approval as both officers."""
    first.sign(action, **kwargs)
    return require_done(second.sign(action, **kwargs))


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


def options_in(page: HttpResponse) -> dict[str, Any]:
    """The challenge that a page hands to the key; {} when it asks for no signature."""
    attribute = re.search(r'data-sign="([^"]*)"', page.content.decode())
    options: dict[str, Any] = json.loads(attribute[1].replace("&quot;", '"')) if attribute else {}
    return options


def signature_for(page: HttpResponse, browser: Client) -> dict[str, str]:
    """The fields by which the officer signed in at `browser` confirms what the page shows."""
    officer = OfficerClient(Account.objects.get(pk=browser.session["account"]).username)
    options = options_in(page)
    return {"_step": "act", "_assertion": json.dumps(officer.key.sign(options)) if options else ""}
