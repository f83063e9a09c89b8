"""Who saw or changed the data of a family, in words. (T1.09, F-B14)"""

from django.db.models import QuerySet

from yangguang.models import AuditEntry, Unit
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.accounts.roles import FAMILY, Role
from yangguang.rules.base.events import EVENTS

SELF = "本人"
"""Who acted, where it was the family itself."""


def filter_access_log(by: Actor) -> QuerySet[AuditEntry]:
    """The log entries about the persons of this family; none for any other role."""
    allowed = by.may(Right.AUDIT_LOG_WHO_SAW_ME) is not None
    return AuditEntry.objects.filter(person__in=by.people if allowed else ())


def describe_entries(by: Actor, entries: list[AuditEntry]) -> list[tuple[AuditEntry, str, str]]:
    """The entries with action and actor in words; one query for the units."""
    numbers = {entry.unit for entry in entries if entry.unit}
    units: dict[int | None, str] = dict(Unit.objects.filter(pk__in=numbers).values_list("pk", "name"))
    return [(entry, EVENTS[entry.action], _describe_actor(by, entry, units)) for entry in entries]


def _describe_actor(by: Actor, entry: AuditEntry, units: dict[int | None, str]) -> str:
    role = Role(entry.role)
    if entry.account is not None and entry.account == by.account:
        return SELF
    if role in FAMILY:
        return f"另一个{role.label}账号"
    return f"{units.get(entry.unit, '')} {role.label}".strip()
