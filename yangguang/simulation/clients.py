"""The hands of the cast: what a browser, a key and a phone do for a person, done for the players of a rehearsal.

Every act goes through its action as the right role; nothing here writes.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from yangguang.actions.accounts import step_up_requests
from yangguang.actions.base.audit_record import content_of
from yangguang.gateways.sms import FakePocketSms, FakeSms
from yangguang.gateways.soft_key import SoftKey
from yangguang.models import Account, SecurityKey
from yangguang.queries.accounts.actors import actor_of
from yangguang.rules.accounts import key_states
from yangguang.rules.accounts.actors import GUEST, Actor

Act = Callable[..., Any]


def soft_key(username: str) -> SoftKey:
    """The demonstration key of an officer, as it stands in the register (its counter only grows)."""
    bound = SecurityKey.objects.filter(account__username=username, state=key_states.BOUND).first()
    return SoftKey(
        username.encode(), settings.PUBLIC_URL.rstrip("/"), sign_count=bound.sign_count if bound else 0
    )


@dataclass
class Officer:
    """A member of staff with an account, a seat and a soft key."""

    username: str
    _actor: Actor | None = None
    _key: SoftKey | None = field(default=None, repr=False)

    @property
    def actor(self) -> Actor:
        if self._actor is None:
            self._actor = actor_of(Account.objects.get(username=self.username))
        return self._actor

    @property
    def key(self) -> SoftKey:
        self._key = self._key or soft_key(self.username)
        return self._key

    def does(self, act: Act, **kwargs: Any) -> Any:
        """Do an act that asks for no signature."""
        return act(by=self.actor, **kwargs)

    def signs(self, act: Act, **kwargs: Any) -> Any:
        """Do an act over which the key signs."""
        name = act.spec.name  # type: ignore[attr-defined]
        options = step_up_requests.challenge(by=self.actor, act=name, content=content_of(name, kwargs))
        return act(by=self.actor.with_factor(assertion=json.dumps(self.key.sign(options))), **kwargs)


def both(first: Officer, second: Officer, act: Act, **kwargs: Any) -> Any:
    """An act of two people: the first asks for it, the second does the same and it happens."""
    first.signs(act, **kwargs)
    return second.signs(act, **kwargs)


class Phone:
    """A telephone: asks for codes and reads them."""

    def __init__(self) -> None:
        self.outbox: FakeSms | FakePocketSms = import_string(settings.GATEWAYS["sms"])()

    def asks(self, number: str, act: str, content: bytes, by: Actor) -> None:
        """Press 获取验证码."""
        step_up_requests.send_code(by=by, act=act, content=content, phone=number)

    def code(self, number: str, act: str, content: bytes, by: Actor = GUEST) -> str:
        """Ask for a code and read it from the newest message."""
        self.asks(number, act, content, by)
        found = re.search(r"验证码(\d{6})", self.outbox.messages(number)[-1].text)
        assert found is not None
        return found[1]

    def confirms(self, number: str, by: Actor, act: Act, **kwargs: Any) -> Any:
        """Do a family's act with the code sent to its phone."""
        name = act.spec.name  # type: ignore[attr-defined]
        code = self.code(number, name, content_of(name, kwargs), by)
        return act(by=by.with_factor(code=code), **kwargs)
