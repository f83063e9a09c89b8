"""Officers with soft keys and families with telephones: how a test acts as one of them."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client, TestCase

from yangguang.actions.accounts import step_up_requests
from yangguang.actions.base.audit_record import content_of
from yangguang.gateways.sms import FakeSms
from yangguang.models import Account, SecurityKey
from yangguang.queries.accounts.actors import actor_of
from yangguang.rules.accounts import key_states
from yangguang.rules.accounts.actors import GUEST, Actor
from yangguang.simulation.soft_key import SoftKey

Action = Callable[..., Any]


@dataclass
class OfficerClient:
    """An officer with an account and a soft key, whose seed is the log-in name."""

    username: str
    _actor: Actor | None = None
    _key: SoftKey | None = field(default=None, repr=False)

    @property
    def actor(self) -> Actor:
        self._actor = self._actor or actor_of(Account.objects.get(username=self.username))
        return self._actor

    @property
    def key(self) -> SoftKey:
        if self._key is None:
            bound = SecurityKey.objects.filter(
                account__username=self.username, state=key_states.BOUND
            ).first()
            origin, count = settings.PUBLIC_URL.rstrip("/"), bound.sign_count if bound else 0
            self._key = SoftKey(self.username.encode(), origin, sign_count=count)
        return self._key

    def act(self, action: Action, **kwargs: Any) -> Any:
        """Call an action that asks for no signature."""
        return action(by=self.actor, **kwargs)

    def sign(self, action: Action, **kwargs: Any) -> Any:
        """Call an action with the key's signature over its content."""
        name = action.spec.name  # type: ignore[attr-defined]
        options = step_up_requests.challenge(by=self.actor, act=name, content=content_of(name, kwargs))
        return action(by=self.actor.with_factor(assertion=json.dumps(self.key.sign(options))), **kwargs)


def approve_by_two(first: OfficerClient, second: OfficerClient, action: Action, **kwargs: Any) -> Any:
    """Call an action of dual approval as both officers."""
    first.sign(action, **kwargs)
    return second.sign(action, **kwargs)


class PhoneClient:
    """The telephones of families; what is sent on commit is sent at once, inside the test's transaction."""

    def request_code(self, number: str, act: str, content: bytes, by: Actor = GUEST) -> str:
        """Ask for a code and read it from the newest message."""
        with TestCase.captureOnCommitCallbacks(execute=True):
            step_up_requests.send_code(by=by, act=act, content=content, phone=number)
        code = re.search(r"验证码(\d{6})", FakeSms().messages(number)[-1].text)
        assert code is not None
        return code[1]

    def confirm(self, number: str, by: Actor, action: Action, **kwargs: Any) -> Any:
        """Call an action of a family with the code sent to its phone."""
        name = action.spec.name  # type: ignore[attr-defined]
        code = self.request_code(number, name, content_of(name, kwargs), by)
        return action(by=by.with_factor(code=code), **kwargs)


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
