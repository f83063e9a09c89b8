"""What an auditor reads of the log: entries with their people named, chains checked piece by piece. (T1.04, F-I2)"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yangguang.gateways.ciphers import sm3
from yangguang.logs import masked
from yangguang.models import Account, AuditEntry, AuditRoot, Person, Unit
from yangguang.models.audit.audit import SHARDS
from yangguang.postgres.sql import fetch_all, fetch_one
from yangguang.queries.audit.labels import say_fact, say_subject
from yangguang.queries.audit.log_chain import COLUMNS, GENESIS, digest_of, merkle_root, row_of
from yangguang.rules.accounts.roles import Role
from yangguang.rules.base.events import EVENTS
from yangguang.rules.base.names import mask_name

ROLES = {role.value: role.label for role in Role}


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry as the page shows it; names of students and long numbers are masked."""

    entry: AuditEntry
    says: str
    who: str
    role: str
    unit: str
    person: str
    subject: str
    facts: tuple[tuple[str, str], ...]


def lines_of(entries: Sequence[AuditEntry]) -> list[LogLine]:
    """The entries with their people; three queries whatever their number."""
    accounts = dict(Account.objects.filter(pk__in={e.account for e in entries}).values_list("pk", "name"))
    units = dict(Unit.objects.filter(pk__in={e.unit for e in entries}).values_list("pk", "name"))
    people = dict(Person.objects.filter(pk__in={e.person for e in entries}).values_list("pk", "name"))
    return [
        LogLine(
            entry,
            EVENTS.get(entry.action, entry.action),
            # Families are named by nothing but their number: the auditor asks who acted, not what they are called.
            _who(entry, accounts.get(entry.account or 0, "")),
            ROLES.get(entry.role, entry.role),
            units.get(entry.unit or 0, ""),
            mask_name(people[entry.person]) if entry.person in people else "",
            say_subject(entry.subject),
            tuple(
                say_fact(entry.action, key, value)
                for key, value in masked(entry.facts).items()
                if value not in ("", None)
            ),
        )
        for entry in entries
    ]


def _who(entry: AuditEntry, name: str) -> str:
    if entry.account is None:
        return "访客" if entry.role == Role.GUEST else "命令行"
    return f"账号{entry.account}" if entry.role in ("S", "P") or not name else name


def log_length() -> int:
    """Entries in all 256 chains."""
    row = fetch_one("SELECT coalesce(sum(length), 0)::bigint FROM yangguang_auditchainhead")
    assert row is not None
    return int(row[0])


_PIECE = f"""
SELECT {", ".join(COLUMNS)}, link
FROM yangguang_auditentry
WHERE shard = %(shard)s AND position > (SELECT length FROM yangguang_auditchainhead WHERE shard = %(shard)s) - %(most)s - 1
ORDER BY position
"""
_HEAD = "SELECT length, link FROM yangguang_auditchainhead WHERE shard = %s"


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """The newest piece of one chain, recomputed: how many entries, and every fault in one sentence."""

    shard: int
    length: int
    checked: int
    faults: tuple[str, ...]


def check_chain(shard: int, most: int = 2000) -> ChainCheck:
    """Recompute the newest `most` entries of one of the 256 chains; two queries."""
    head = fetch_one(_HEAD, (shard % SHARDS,))
    assert head is not None, "the chain heads are laid by the migration"
    rows = fetch_all(_PIECE, {"shard": shard % SHARDS, "most": most})
    faults = []
    # The first row of the piece only lends its link, unless it is the very first of the chain.
    whole = not rows or rows[0][1] == 1
    link, at = (GENESIS, 0) if whole else (bytes(rows[0][-1]), rows[0][1])
    for values in rows if whole else rows[1:]:
        row = row_of(values[:-1])
        at += 1
        if row["position"] != at:
            faults.append(f"第{shard}链缺少第{at}条")
            at = row["position"]
        link = sm3(link + digest_of(row)[1])
        if link != bytes(values[-1]):
            faults.append(f"第{shard}链第{at}条与链值不符")
            link = bytes(values[-1])
    if (head[0], bytes(head[1])) != (at, link):
        faults.append(f"第{shard}链链首与最后一条不符")
    return ChainCheck(shard % SHARDS, head[0], len(rows) - (not whole), tuple(faults))


_LINKS = """
SELECT h.shard, e.link FROM unnest(%s::int[], %s::bigint[]) AS h(shard, position)
LEFT JOIN yangguang_auditentry AS e ON e.shard = h.shard AND e.position = h.position
"""


def check_root(day: date) -> tuple[AuditRoot | None, list[str]]:
    """A day's published root, and every fault of it against the chains as they stand now; two queries."""
    root: AuditRoot | None = AuditRoot.objects.filter(day=day).first()
    if root is None:
        return None, []
    lengths, links = [one[0] for one in root.heads], [bytes.fromhex(one[1]) for one in root.heads]
    faults = [] if merkle_root(links).hex() == root.root else ["由当日各链链首算出的根与公布的不同"]
    if sum(lengths) != root.entries:
        faults.append("各链长度之和与公布的累计条数不同")
    now = {shard: link for shard, link in fetch_all(_LINKS, (list(range(len(lengths))), lengths))}
    for shard, (length, link) in enumerate(zip(lengths, links, strict=True)):
        stands = GENESIS if length == 0 else now[shard]
        if stands is None or bytes(stands) != link:
            faults.append(f"第{shard}链第{length}条现在的链值与当日不同")
    return root, faults
