"""Ways in: a family by phone and one-time code; staff by an account opened level by level. (F-B1, F-C1)"""

import re
from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.hashers import make_password

from yangguang.actions.accounts.key_binding import hand_over
from yangguang.actions.base import step_up
from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord, content_of
from yangguang.models import Account, RoleAssignment, SecurityKey, Unit
from yangguang.models.base.fields import blind, seal
from yangguang.postgres.sql import fetch_one
from yangguang.rules.accounts import key_states
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.accounts.roles import Role
from yangguang.rules.base.names import clean_name, clean_phone
from yangguang.rules.base.refusals import Denied, Refused
from yangguang.rules.organisation.sectors import Sector

# The same phone always finds the same account, also when two requests come at once.
_ENTER = """
INSERT INTO yangguang_account (password, username, name, phone, phone_hash)
VALUES ('!', %s, '', %s, %s)
ON CONFLICT (username) DO UPDATE SET last_login = yg_now()
RETURNING id, frozen_at
"""

_BUREAUS = {
    Unit.Level.PROVINCE: (Role.PROVINCE_EDUCATION, Role.PROVINCE_LABOUR),
    Unit.Level.CITY: (Role.CITY_EDUCATION, Role.CITY_LABOUR),
    Unit.Level.COUNTY: (Role.COUNTY_EDUCATION, Role.COUNTY_LABOUR),
    Unit.Level.SCHOOL: (Role.VOCATIONAL_SCHOOL, Role.TECHNICIAN_SCHOOL),
}
_SECTORS = (Sector.EDUCATION.value, Sector.LABOUR.value)
# Which seats a unit can have: (level, sector, role).
_POSTS = {
    (level.value, sector, role)
    for level, roles in _BUREAUS.items()
    for sector, role in zip(_SECTORS, roles, strict=True)
} | {(Unit.Level.JUNIOR_SCHOOL.value, "", Role.JUNIOR_SCHOOL)}


# Who works for the province as a whole, of neither sector.
_OF_PROVINCE = (Role.AUDITOR, Role.OPERATOR)
_USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,31}")


class NoSuchPost(Refused):
    """No unit has such a seat, or nobody could log in with such a name."""


class Founded(NamedTuple):
    """The seat of a first officer, and the binding code of its key ("" without a key); it is shown this once."""

    seat: RoleAssignment
    code: str


def enter_content(phone: str) -> bytes:
    """What a log-in code is bound to."""
    return content_of("account.enter", {"phone": clean_phone(phone)})


@action("account.enter", Right.ACCOUNT_SIGN_IN)
def enter(entry: AuditRecord, *, by: Actor, phone: str) -> Account:
    """Log a family in with the code sent to its phone; the first time makes the account.

    Raises:
        StepUpRequired: the code is wrong, old or used.
        Denied: the account is frozen.
    """
    number = clean_phone(phone)
    mark = blind(number)
    step_up.consume(entry, enter_content(number))
    row = fetch_one(_ENTER, (f"f{mark.hex()[:32]}", seal("yangguang_account.phone", number), mark))
    assert row is not None
    if row[1] is not None:
        raise Denied("这个账号已被冻结", why="本人或主管部门要求暂停使用", now="请到县级招生主管部门核实身份后解冻")
    entry.set_subject(f"account:{row[0]}")
    return Account(pk=row[0], phone_hash=mark)


@action("account.open", Right.STAFF_ACCOUNT_CREATE_BELOW)
def open_staff(
    entry: AuditRecord, *, by: Actor, username: str, name: str, role: Role, unit: Unit | None, sector: str = ""
) -> RoleAssignment:
    """Open an account with one seat at one's own unit or below. It can do nothing until a key is bound to it.

    A seat never carries more than its unit has: a school's officer cannot be made a bureau's.

    Raises:
        Denied: the unit is not below the actor's, of the other sector, or the role is not one of that unit's.
    """
    if unit is None or not unit.path.startswith(by.path):
        raise Denied("只能为本单位或下级单位开设账号", now="请由对应的主管单位办理")
    if (unit.level, sector, role) not in _POSTS or (by.sector and sector not in ("", by.sector)):
        raise Denied(
            f"不能在{unit.name}开设“{role.label}”岗位",
            why="岗位必须与单位的层级和主管线一致，不能大于单位本身的权限",
            now="请核对单位和岗位；另一条主管线的岗位由该线主管单位开设",
        )
    account, _ = Account.objects.get_or_create(
        username=username, defaults={"name": clean_name(name), "password": make_password(None)}
    )
    seat, _ = RoleAssignment.objects.get_or_create(
        account=account, role=role.value, unit=unit, defaults={"sector": sector}
    )
    entry.set_subject(seat)
    entry.add_facts(role=role.value)
    return seat


@action("account.found", Right.DIRECTORY_SEED)
def found(
    entry: AuditRecord, *, by: Actor, username: str, name: str, role: Role, unit: Unit | None, sector: str, serial: str
) -> Founded:
    """From the command sector only: the first officers of an installation, with a key that waits to be bound.

    Everyone after them is opened by `open_staff` and gets a key by `keys.issue` and `keys.receive`. Doing it
    again with the same key gives a new binding code; the one before is void.

    Raises:
        NoSuchPost: the unit has no such seat, or the name is not one to log in with.
        Refused: a key without a unit that holds it, or see `binding.hand_over`.
    """
    _require_post(username, role, unit, sector)
    account, _ = Account.objects.get_or_create(
        username=username, defaults={"name": clean_name(name), "password": make_password(None)}
    )
    seat, _ = RoleAssignment.objects.get_or_create(
        account=account, role=role.value, unit=unit, defaults={"sector": sector}
    )
    code = _first_key(account, unit, serial, entry.at) if serial else ""
    entry.set_subject(seat)
    entry.add_facts(role=role.value)
    return Founded(seat, code)


def _require_post(username: str, role: Role, unit: Unit | None, sector: str) -> None:
    """A seat never carries more than its unit has, also when it comes from the console."""
    if not _USERNAME.fullmatch(username):
        raise NoSuchPost("登录名不能用", why="只能有字母、数字和 . _ -，2至32个字符", now="请换一个", where="username")
    level = unit.level if unit is not None else None
    fits = level in (None, Unit.Level.PROVINCE) if role in _OF_PROVINCE else (level, sector, role) in _POSTS
    if not fits:
        raise NoSuchPost(
            f"{unit.name if unit else '没有写单位，'}不能设“{role.label}”岗位",
            why="岗位必须与单位的层级和主管线一致",
            now="请核对 --role、--unit 和 --sector",
            where="role",
        )


def _first_key(account: Account, unit: Unit | None, serial: str, at: datetime) -> str:
    if unit is None:
        raise Refused("登记优盾须写明领用单位", now="请写明单位；审计员、运维员写省级单位", where="unit")
    key, _ = SecurityKey.objects.select_for_update().get_or_create(serial=serial, defaults={"unit": unit})
    if key.state != key_states.RECEIVED:
        key.state = key_states.TRANSITIONS.next_state("receive", key.state)
        key.save(update_fields=["state"])
    return hand_over(key, account, at)
