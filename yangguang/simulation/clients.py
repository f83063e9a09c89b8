"""What a browser, a hardware key and a telephone do for a person, done for the people of the simulation.

Every act goes through its action, with the actor's own rights; nothing here writes.
"""

import json
import re
from functools import cached_property
from typing import TypeVar

from django.conf import settings
from django.utils.module_loading import import_string

from yangguang.actions.accounts import step_up_requests
from yangguang.actions.base.action import Action
from yangguang.actions.base.dual_approval import AwaitingSecond, Done
from yangguang.gateways.sms import FakeSms
from yangguang.models import Account, SecurityKey, Unit
from yangguang.queries.accounts.actors import load_actor
from yangguang.rules.accounts import key_states
from yangguang.rules.accounts.actors import GUEST, Actor
from yangguang.rules.organisation.sectors import Sector
from yangguang.simulation.sms import MemorySms
from yangguang.simulation.soft_key import SoftKey

R = TypeVar("R")


def make_soft_key(username: str, sign_count: int) -> SoftKey:
    """The soft key of an officer; its counter only grows."""
    return SoftKey(username.encode(), settings.PUBLIC_URL.rstrip("/"), sign_count=sign_count)


class OfficerClient:
    """An officer at a browser, with a soft key whose seed is the log-in name."""

    def __init__(self, username: str) -> None:
        self.username = username

    @cached_property
    def actor(self) -> Actor:
        return load_actor(Account.objects.get(username=self.username).pk)

    @cached_property
    def key(self) -> SoftKey:
        bound = SecurityKey.objects.filter(account__username=self.username, state=key_states.BOUND).first()
        return make_soft_key(self.username, bound.sign_count if bound else 0)

    def act(self, action: Action[..., R], **kwargs: object) -> R:
        """Call an action that asks for no signature."""
        return action(by=self.actor, **kwargs)

    def sign(self, action: Action[..., R], **kwargs: object) -> R:
        """Call an action with the key's signature over its content."""
        act = action.prepare(by=self.actor, **kwargs)
        options = step_up_requests.challenge(by=self.actor, act=action.spec.name, content=act.content)
        return act.with_step_up(assertion=json.dumps(self.key.sign(options))).execute()


def require_done(outcome: Done[R] | AwaitingSecond) -> R:
    """The result of an act that the second person has done.

    Raises:
        ValueError: it still waits for the second person.
    """
    if isinstance(outcome, AwaitingSecond):
        raise ValueError(f"{outcome.proposal.action} waits for a second person")
    return outcome.result


def approve_by_two(
    first: OfficerClient, second: OfficerClient, action: Action[..., Done[R] | AwaitingSecond], **kwargs: object
) -> R:
    """Call an action of dual approval: the first officer proposes, the second approves, and it is carried out."""
    first.sign(action, **kwargs)
    return require_done(second.sign(action, **kwargs))


def username_of(unit: Unit, sector: Sector, number: int) -> str:
    """Log-in names of the demonstration: "edu-410100-1", "lab-410100-1", "demo-s01-1"."""
    head = "" if unit.level == "SCHOOL" else "edu-" if sector is Sector.EDUCATION else "lab-"
    return f"{head}{unit.code.lower()}-{number}"


def officer(unit: Unit, sector: Sector, number: int = 1) -> OfficerClient:
    """The n-th officer of a bureau."""
    return OfficerClient(username_of(unit, sector, number))


def school_officer(school: Unit, number: int = 1) -> OfficerClient:
    """The n-th officer of a school."""
    return officer(school, Sector(school.sector), number)


def province_officers(sector: Sector = Sector.EDUCATION) -> tuple[OfficerClient, OfficerClient]:
    """The two officers of the province who carry out dual approval."""
    province = Unit.objects.get(level="PROVINCE")
    return officer(province, sector, 1), officer(province, sector, 2)


def sign_for_province(action: Action[..., R], **kwargs: object) -> R:
    """Call an action signed by an officer of the province's education department."""
    return province_officers()[0].sign(action, **kwargs)


def approve_for_province(action: Action[..., Done[R] | AwaitingSecond], **kwargs: object) -> R:
    """Call an action of dual approval as both officers of the province's education department."""
    first, second = province_officers()
    return approve_by_two(first, second, action, **kwargs)


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
