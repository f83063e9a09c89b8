"""Accounts: a family's by phone and one-time code; an officer's opened level by level. (F-B1, F-C1)"""

import re
from typing import NamedTuple

from django.contrib.auth.hashers import make_password

from yangguang.actions.accounts.key_binding import assign_key
from yangguang.actions.base import step_up
from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord, content_of
from yangguang.models import Account, RoleAssignment, SecurityKey, Unit
from yangguang.models.base.fields import blind, seal
from yangguang.postgres.sql import fetch_one
from yangguang.queries.accounts.quiet_phones import MONTHS, QUIET, require_months
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.accounts.roles import Role
from yangguang.rules.base.names import clean_name, clean_phone
from yangguang.rules.base.refusals import Denied, Refused
from yangguang.rules.organisation.sectors import Sector

# One phone has one account, also when two requests come at once.
# A quiet phone has not logged in before it has proven a fact (`quiet_phones.prove_fact`).
_ENTER = f"""
INSERT INTO yangguang_account AS a (password, username, name, phone, phone_hash)
VALUES ('!', %(username)s, '', %(phone)s, %(mark)s)
ON CONFLICT (username) DO UPDATE SET last_login = CASE WHEN {QUIET} THEN a.last_login ELSE yg_now() END
RETURNING id, frozen_at, {MONTHS} AS months
"""

# The roles that a unit can have: (level, sector, role).
_POSTS = {
    (Unit.Level.PROVINCE, Sector.EDUCATION, Role.PROVINCE_EDUCATION),
    (Unit.Level.PROVINCE, Sector.LABOUR, Role.PROVINCE_LABOUR),
    (Unit.Level.CITY, Sector.EDUCATION, Role.CITY_EDUCATION),
    (Unit.Level.CITY, Sector.LABOUR, Role.CITY_LABOUR),
    (Unit.Level.COUNTY, Sector.EDUCATION, Role.COUNTY_EDUCATION),
    (Unit.Level.COUNTY, Sector.LABOUR, Role.COUNTY_LABOUR),
    (Unit.Level.SCHOOL, Sector.EDUCATION, Role.VOCATIONAL_SCHOOL),
    (Unit.Level.SCHOOL, Sector.LABOUR, Role.TECHNICIAN_SCHOOL),
    (Unit.Level.JUNIOR_SCHOOL, "", Role.JUNIOR_SCHOOL),
}
# Roles for the province as a whole, of neither sector.
_OF_PROVINCE = (Role.AUDITOR, Role.OPERATOR)
_USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,31}")


class NoSuchPost(Refused):
    """No unit has such a role, or the name cannot be used to log in."""


class FirstAccount(NamedTuple):
    """The role of a first officer, and the binding code of the key ("" without a key); displayed only once."""

    role_assignment: RoleAssignment
    code: str


def enter_content(phone: str, browser: str = "") -> bytes:
    """The content that a log-in code is bound to.

    Args:
        browser: `Actor.browser` of the guest that asked for it; so wrong tries from elsewhere never use the code up.
    """
    return content_of("account.enter", {"phone": clean_phone(phone), "browser": browser})


@action("account.enter", Right.ACCOUNT_SIGN_IN)
def enter(entry: AuditRecord, *, by: Actor, phone: str, browser: str) -> Account:
    """Log a family in with the code sent to its phone; the first time makes the account.

    `browser` is that of `enter_content`.

    A phone that was quiet for long is asked for a fact before its session is opened (`is_quiet`).

    Raises:
        StepUpRequired: the code is wrong, old or used.
        Denied: the account is frozen.
    """
    number = clean_phone(phone)
    mark = blind(number)
    step_up.consume(entry, enter_content(number, browser))
    values = {"username": f"f{mark.hex()[:32]}", "phone": seal("yangguang_account.phone", number), "mark": mark}
    row = fetch_one(_ENTER, values)
    assert row is not None
    require_months(row)
    if row.frozen_at is not None:
        raise Denied("这个账号已被冻结", why="本人或主管部门要求暂停使用", now="请到县级招生主管部门核实身份后解冻")
    entry.set_subject(f"account:{row.id}")
    return Account(pk=row.id, phone_hash=mark)


@action("account.open", Right.STAFF_ACCOUNT_CREATE_BELOW)
def open_staff(
    entry: AuditRecord, *, by: Actor, username: str, name: str, role: Role, unit: Unit | None, sector: str = ""
) -> RoleAssignment:
    """Open an account with one role at the actor's unit or below. It can do nothing until a key is bound to it.

    Raises:
        Denied: the unit is not below the actor's or is of the other sector, or the unit has no such role: a school's
            officer cannot become a bureau's.
    """
    if unit is None or not unit.path.startswith(by.path):
        raise Denied("只能为本单位或下级单位开设账号", now="请由对应的主管单位办理")
    if (unit.level, sector, role) not in _POSTS or (by.sector and sector not in ("", by.sector)):
        raise Denied(
            f"不能在{unit.name}开设“{role.label}”岗位",
            why="岗位必须与单位的层级和主管线一致，不能大于单位本身的权限",
            now="请核对单位和岗位；另一条主管线的岗位由该线主管单位开设",
        )
    return _assign_role(entry, username, name, role, unit, sector)


@action("account.found", Right.DIRECTORY_SEED)
def open_first(
    entry: AuditRecord, *, by: Actor, username: str, name: str, role: Role, unit: Unit | None, sector: str, serial: str
) -> FirstAccount:
    """From the command line only: open the account of a first officer, with a key that waits to be bound.

    All later accounts are opened by `open_staff` and get a key by `keys.issue` and `keys.receive`. Called again with
    the same key, it gives a new binding code; the one before is void.

    Raises:
        NoSuchPost: the unit has no such role, or the name cannot be used to log in.
        Refused: a key without the unit it is issued to, or see `key_binding.assign_key`.
    """
    _require_post(username, role, unit, sector)
    assignment = _assign_role(entry, username, name, role, unit, sector)
    if not serial:
        return FirstAccount(assignment, "")
    if unit is None:
        raise Refused("登记优盾须写明领用单位", now="请写明单位；审计员、运维员写省级单位", where="unit")
    key, _ = SecurityKey.objects.select_for_update().get_or_create(serial=serial, defaults={"unit": unit})
    return FirstAccount(assignment, assign_key(key, assignment.account, entry.at))


def _assign_role(
    entry: AuditRecord, username: str, name: str, role: Role, unit: Unit | None, sector: str
) -> RoleAssignment:
    account, _ = Account.objects.get_or_create(
        username=username, defaults={"name": clean_name(name), "password": make_password(None)}
    )
    assignment, _ = RoleAssignment.objects.get_or_create(
        account=account, role=role.value, unit=unit, defaults={"sector": sector}
    )
    entry.set_subject(assignment)
    entry.add_facts(role=role.value)
    return assignment


def _require_post(username: str, role: Role, unit: Unit | None, sector: str) -> None:
    """Raise NoSuchPost unless the name can be used to log in and the unit has this role."""
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
