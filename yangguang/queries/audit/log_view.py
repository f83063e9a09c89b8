"""The log as the auditor reads it: entries with names, the newest part of a chain, the root of a day. (T1.04, F-I2)"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yangguang.gateways.ciphers import sm3
from yangguang.logs import masked
from yangguang.models import Account, AuditEntry, AuditRoot, Person, Unit
from yangguang.postgres.sql import fetch_all, fetch_one
from yangguang.queries.audit.labels import format_fact, format_subject
from yangguang.queries.audit.log_chain import COLUMNS, ChainReader, find_changed_ends
from yangguang.rules.accounts.roles import Role
from yangguang.rules.audit.merkle import merkle_root
from yangguang.rules.base.events import EVENTS
from yangguang.rules.base.names import mask_name

ROLES = {role.value: role.label for role in Role}
_NEWEST = f"""
SELECT {", ".join(COLUMNS)}, link FROM yangguang_auditentry
WHERE shard = %(shard)s AND position >= %(length)s - %(most)s ORDER BY position
"""
_HEAD = "SELECT length, link FROM yangguang_auditchainhead WHERE shard = %s"


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
            facts=_format_facts(entry),
        )
        for entry in entries
    ]


def _format_facts(entry: AuditEntry) -> tuple[tuple[str, str], ...]:
    facts = masked(entry.facts).items()
    return tuple(format_fact(entry.action, key, value) for key, value in facts if value not in ("", None))


def _name_actor(entry: AuditEntry, name: str) -> str:
    """Families are named by the number of their account only."""
    if entry.account is None:
        return "访客" if entry.role == Role.GUEST else "命令行"
    return f"账号{entry.account}" if entry.role in ("S", "P") or not name else name


def count_log_entries() -> int:
    """Entries in all 256 chains."""
    row = fetch_one("SELECT coalesce(sum(length), 0)::bigint AS entries FROM yangguang_auditchainhead")
    return int(row.entries) if row else 0


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """The recomputed newest part of one chain: how many entries, and one sentence for each fault."""

    shard: int
    length: int
    checked: int
    faults: tuple[str, ...]


def check_chain(shard: int, most: int = 2000) -> ChainCheck:
    """Recompute the newest `most` entries of a chain; two queries."""
    head = fetch_one(_HEAD, (shard,))
    assert head is not None, "the migration creates the head of every chain"
    rows = fetch_all(_NEWEST, {"shard": shard, "length": head.length, "most": most})
    reader = ChainReader(shard)
    if rows and rows[0].position > 1:
        # The row before the newest part gives only its link.
        first = rows.pop(0)
        reader = ChainReader(shard, first.position, bytes(first.link))
    faults = [fault for row in rows for fault in reader.read(row)]
    faults += reader.compare_head(head.length, head.link)
    return ChainCheck(shard, head.length, len(rows), tuple(faults))


def check_root(day: date) -> tuple[AuditRoot | None, list[str]]:
    """The published root of a day, and one sentence for each difference from the chains now; two queries."""
    root: AuditRoot | None = AuditRoot.objects.filter(day=day).first()
    if root is None:
        return None, []
    lengths, links = [length for length, _ in root.heads], [bytes.fromhex(link) for _, link in root.heads]
    faults = []
    if merkle_root(links, sm3).hex() != root.root:
        faults.append("由当日各链链首算出的根与公布的不同")
    if sum(lengths) != root.entries:
        faults.append("各链长度之和与公布的累计条数不同")
    return root, [*faults, *find_changed_ends(lengths, links)]
