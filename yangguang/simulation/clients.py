"""What a browser, a hardware key and a telephone do for a person, done for the people of the simulation.

Every act goes through its action, with the actor's own rights; nothing here writes.
"""

import json
import re
from dataclasses import dataclass, field
from typing import TypeVar

from django.conf import settings
from django.utils.module_loading import import_string

from yangguang.actions.accounts import step_up_requests
from yangguang.actions.base.action import Action
from yangguang.actions.base.dual_approval import AwaitingSecond, Done, require_done
from yangguang.gateways.sms import FakeSms
from yangguang.models import Account, SecurityKey
from yangguang.queries.accounts.actors import load_actor
from yangguang.rules.accounts import key_states
from yangguang.rules.accounts.actors import GUEST, Actor
from yangguang.simulation.sms import MemorySms
from yangguang.simulation.soft_key import SoftKey

R = TypeVar("R")


def soft_key_of(username: str) -> SoftKey:
    """The soft key of an officer with the number of its uses so far (its counter only grows)."""
    bound = SecurityKey.objects.filter(account__username=username, state=key_states.BOUND).first()
    return SoftKey(username.encode(), settings.PUBLIC_URL.rstrip("/"), sign_count=bound.sign_count if bound else 0)


@dataclass
class OfficerClient:
    """An officer at a browser, with a soft key."""

    username: str
    _actor: Actor | None = None
    _key: SoftKey | None = field(default=None, repr=False)

    @property
    def actor(self) -> Actor:
        if self._actor is None:
            self._actor = load_actor(Account.objects.get(username=self.username).pk)
        return self._actor

    @property
    def key(self) -> SoftKey:
        self._key = self._key or soft_key_of(self.username)
        return self._key

    def act(self, action: Action[..., R], **kwargs: object) -> R:
        """Call an action that asks for no signature."""
        return action(by=self.actor, **kwargs)

    def sign(self, action: Action[..., R], **kwargs: object) -> R:
        """Call an action with the key's signature over its content."""
        act = action.prepare(by=self.actor, **kwargs)
        options = step_up_requests.challenge(by=self.actor, act=action.spec.name, content=act.content)
        return act.with_step_up(assertion=json.dumps(self.key.sign(options))).execute()


def approve_by_two(
    first: OfficerClient, second: OfficerClient, action: Action[..., Done[R] | AwaitingSecond], **kwargs: object
) -> R:
    """Call an action of dual approval: the first officer proposes, the second approves, and it is carried out."""
    first.sign(action, **kwargs)
    return require_done(second.sign(action, **kwargs))


class PhoneClient:
    """The telephones of families: asks for codes and reads them."""

    def __init__(self) -> None:
        self.outbox: FakeSms | MemorySms = import_string(settings.GATEWAYS["sms"])()

    def request_code(self, number: str, act: str, content: bytes, by: Actor = GUEST) -> str:
        """Ask for a code and read it from the newest message."""
        step_up_requests.send_code(by=by, act=act, content=content, phone=number)
        code = re.search(r"验证码(\d{6})", self.outbox.messages(number)[-1].text)
        assert code is not None
        return code[1]

    def confirm(self, number: str, by: Actor, action: Action[..., R], **kwargs: object) -> R:
        """Call an action of a family with the code sent to its phone."""
        act = action.prepare(by=by, **kwargs)
        code = self.request_code(number, action.spec.name, act.content, by)
        return act.with_step_up(code=code).execute()
