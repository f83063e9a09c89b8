"""The log as the auditor reads it: entries with names of actions, accounts, units and persons. (T1.04, F-I2)"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum

from yangguang.logs import masked
from yangguang.models import Account, AuditChainHead, AuditEntry, Person, Unit
from yangguang.queries.audit.labels import format_fact, format_subject
from yangguang.rules.accounts.roles import Role
from yangguang.rules.base.events import EVENTS
from yangguang.rules.base.names import mask_name

ROLES = {role.value: role.label for role in Role}


@dataclass(frozen=True, slots=True)
class LogRow:
    """One entry as the page shows it; names of students and long numbers are masked."""

    entry: AuditEntry
    action: str
    actor: str
    role: str
    unit: str
    person: str
    subject: str
    facts: tuple[tuple[str, str], ...]


def list_log_rows(entries: Sequence[AuditEntry]) -> list[LogRow]:
    """The entries with the names of accounts, units and persons; three queries whatever their number."""
    accounts = dict(Account.objects.filter(pk__in={e.account for e in entries}).values_list("pk", "name"))
    units = dict(Unit.objects.filter(pk__in={e.unit for e in entries}).values_list("pk", "name"))
    people = dict(Person.objects.filter(pk__in={e.person for e in entries}).values_list("pk", "name"))
    return [
        LogRow(
            entry=entry,
            action=EVENTS.get(entry.action, entry.action),
            actor=_name_actor(entry, accounts.get(entry.account or 0, "")),
            role=ROLES.get(entry.role, entry.role),
            unit=units.get(entry.unit or 0, ""),
            person=mask_name(people[entry.person]) if entry.person in people else "",
            subject=format_subject(entry.subject),
            facts=tuple(
                format_fact(entry.action, key, value)
                for key, value in masked(entry.facts).items()
                if value not in ("", None)
            ),
        )
        for entry in entries
    ]


def _name_actor(entry: AuditEntry, name: str) -> str:
    """Families are named by the number of their account only."""
    if entry.account is None:
        return "访客" if entry.role == Role.GUEST else "命令行"
    return f"账号{entry.account}" if entry.role in ("S", "P") or not name else name


def count_log_entries() -> int:
    """Entries in all 256 chains."""
    return AuditChainHead.objects.aggregate(entries=Sum("length"))["entries"] or 0
