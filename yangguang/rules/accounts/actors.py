"""Who acts: the account, the seat it sits in, and the proof it brings; handed to every action as `by`."""

from dataclasses import dataclass, replace
from typing import Self

from yangguang.rules.accounts.rights import Right
from yangguang.rules.accounts.roles import Cell, Role, cell


@dataclass(frozen=True, slots=True)
class StepUp:
    """A second factor for one act: a one-time code (`code`) or a key's answer (`assertion`, JSON of WebAuthn).

    `phone_hash` names the phone of someone who has no account yet.
    """

    code: str = ""
    assertion: str = ""
    phone_hash: bytes | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """One person acting in one seat.

    Args:
        role: the role of the seat.
        account: row id of the account, or None for a guest.
        name: how pages and the log name this actor.
        unit: row id of the unit of the seat, or None.
        path: path of that unit in the tree ("41/4101/"), or "".
        sector: main sector of the seat ("education" | "labour"), or "" for both.
        people: row ids of the persons this account may act for (own person and linked children).
        step_up: the code or signature that came with this request.
        request_key: idempotency key of the request, or "".
        browser, address: digests of the browser's own cookie and of the address, for shared budgets; "" unknown.
        device: short digest of device and address, for the proxy-filling alarm; never the address itself.
        machine: what kind of device it is ("PHONE" | "TABLET" | "COMPUTER"), or "".
    """

    role: Role
    account: int | None = None
    name: str = ""
    unit: int | None = None
    unit_name: str = ""
    path: str = ""
    sector: str = ""
    people: tuple[int, ...] = ()
    step_up: StepUp | None = None
    request_key: str = ""
    device: str = ""
    browser: str = ""
    address: str = ""
    machine: str = ""

    def may(self, right: Right) -> Cell | None:
        """The cell of the rights table for this actor's role."""
        return cell(self.role, right)

    def with_step_up(self, *, code: str = "", assertion: str = "", phone_hash: bytes | None = None) -> Self:
        return replace(self, step_up=StepUp(code=code, assertion=assertion, phone_hash=phone_hash))

    @property
    def role_label(self) -> str:
        return self.role.label

    @property
    def signs_with_key(self) -> bool:
        """Staff prove themselves with a key, families with a one-time code."""
        return self.role not in (Role.STUDENT, Role.GUARDIAN, Role.GUEST)


GUEST = Actor(role=Role.GUEST, name="访客")
