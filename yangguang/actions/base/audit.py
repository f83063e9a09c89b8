"""Writing the log: one entry, one link, one of 256 chains, in the transaction of the act itself.

SM3 is not in PostgreSQL, so the link is computed here and takes hold only on the end it was computed from.
"""

import os
import threading
from datetime import datetime
from typing import Any

from yangguang.actions.base.audit_record import AuditRecord
from yangguang.gateways.ciphers import sm3
from yangguang.models.audit.audit import SHARDS
from yangguang.postgres.sql import fetch_one
from yangguang.queries.audit.log_chain import digest_entry

_LOCK = "SELECT length, link FROM yangguang_auditchainhead WHERE shard = %s FOR UPDATE"
# The end of the chain moves only from exactly the end that the link was computed on.
_APPEND = """
WITH moved AS (
    UPDATE yangguang_auditchainhead SET length = %s, link = %s
    WHERE shard = %s AND length = %s AND link = %s RETURNING shard
)
INSERT INTO yangguang_auditentry
    (shard, position, at, action, outcome, account, role, unit, subject, person, facts, link)
SELECT shard, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s FROM moved
RETURNING id
"""


class _Ends(threading.local):
    """The chain this thread writes to, and the end it left there: nearly always still the end."""

    shard: int | None = None
    end: tuple[int, bytes] | None = None


_ends = _Ends()


def write(entry: AuditRecord, *, denied: bool = False) -> None:
    """Append the entry; if it cannot be written, the act fails with it.

    A thread keeps to one chain and first appends to the end it remembers. When that is not the end any more
    (another process wrote there, or a transaction was rolled back), it reads the end under its lock.
    """
    if _ends.shard is None:
        _ends.shard = os.urandom(1)[0] % SHARDS
    shard, at = _ends.shard, entry.at
    if _ends.end is None or not _append(entry, at, shard, _ends.end, denied):
        held = fetch_one(_LOCK, (shard,))
        assert held is not None, "the chain heads are laid by the migration"
        wrote = _append(entry, at, shard, (held[0], bytes(held[1])), denied)
        assert wrote, "the locked end of a chain does not move"


def _append(entry: AuditRecord, at: datetime, shard: int, end: tuple[int, bytes], denied: bool) -> bool:
    """Whether `end` was the end of the chain and the entry now follows it."""
    by, position = entry.by, end[0] + 1
    row: dict[str, Any] = {
        "shard": shard,
        "position": position,
        "at": at,
        "action": entry.action,
        "outcome": "DENIED" if denied else "DONE",
        "account": by.account,
        "role": by.role.value,
        "unit": by.unit,
        "subject": entry.subject,
        "person": entry.person,
        "facts": entry.facts,
    }
    facts, digest = digest_entry(row)
    link = sm3(end[1] + digest)
    wrote = fetch_one(
        _APPEND,
        (
            position,
            link,
            shard,
            *end,
            position,
            at,
            entry.action,
            row["outcome"],
            by.account,
            row["role"],
            by.unit,
            entry.subject,
            entry.person,
            facts,
            link,
        ),
    )
    _ends.end = None if wrote is None else (position, link)
    return wrote is not None
