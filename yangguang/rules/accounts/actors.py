"""Who acts: the account, the role at a unit, and the second factor of the request; every action takes it as `by`.
(T1.05, T3.21)
"""

from dataclasses import dataclass, replace
from typing import Self

from yangguang.rules.accounts.rights import Right
from yangguang.rules.accounts.roles import FAMILY, Cell, Role, cell
from yangguang.rules.base.refusals import Denied


@dataclass(frozen=True, slots=True)
class StepUp:
    """A second factor for one act: a one-time code (`code`) or a key's answer (`assertion`, JSON of WebAuthn).

    `phone_hash` names the phone of someone who has no account yet.
    """

    code: str = ""
    assertion: str = ""
    phone_hash: bytes | None = None


def mark_phone(phone_hash: bytes) -> str:
    """How a known browser names a phone: enough of its blind index to tell a family's few phones apart."""
    return phone_hash.hex()[:16]


@dataclass(frozen=True, slots=True)
class KnownBrowser:
    """A browser in which families have logged in before, as its signed cookie says.

    Args:
        token: drawn at random for the browser. phones: `mark_phone` of each of their phones.
    """

    token: str
    phones: frozenset[str]


@dataclass(frozen=True, slots=True)
class Actor:
    """One person acting in one role.

    Args:
        account: row id of the account, or None for a guest.
        name: how pages and the log name this actor.
        unit: row id of the unit of the role, or None.
        path: path of that unit in the tree ("41/4101/"), or "".
        sector: main sector of the role ("education" | "labour"), or "" for both.
        people: row ids of the persons this account may act for (own person and linked children).
        request_key: idempotency key of the request, or "".
        device: short digest of device and address, for the proxy-filling alarm; never the address itself.
        browser: digest of a cookie that the browser keeps between two pages; a guest's code is valid in it only. It is
            no identity: a stranger can choose another one at any time.
        session: digest of the session's key, "" for a guest; counts what one log-in does.
        known: the mark of a browser in which families have logged in before; None for another browser.
        address: digest of the address, of its network for IPv6; "" unknown.
        device_kind: what kind of device it is ("PHONE" | "TABLET" | "COMPUTER"), or "".
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
    session: str = ""
    known: KnownBrowser | None = None
    address: str = ""
    device_kind: str = ""

    def may(self, right: Right) -> Cell | None:
        """The cell of the rights table for this actor's role."""
        return cell(self.role, right)

    def require_unit(self) -> int:
        """Row id of the unit in whose name the actor acts. Raises Denied when the role belongs to none."""
        if self.unit is None:
            raise Denied("您的岗位没有所属单位，不能以单位名义办理", now="请联系发放岗位的单位")
        return self.unit

    def require_account(self) -> int:
        """Row id of the account that answers for the act. Raises Denied for a guest."""
        if self.account is None:
            raise Denied("没有登录，不能办理", now="请先登录")
        return self.account

    def with_step_up(self, *, code: str = "", assertion: str = "", phone_hash: bytes | None = None) -> Self:
        return replace(self, step_up=StepUp(code, assertion, phone_hash))

    @property
    def signs_with_key(self) -> bool:
        """Staff prove themselves with a key, families with a one-time code."""
        return self.role not in FAMILY and self.role is not Role.GUEST


GUEST = Actor(role=Role.GUEST, name="访客")
CONSOLE = Actor(role=Role.OPERATOR, name="命令行")
SYSTEM = Actor(role=Role.OPERATOR, name="系统")
"""The platform itself, in background jobs."""
