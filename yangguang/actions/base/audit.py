"""Write the audit log: one entry, one link, one of 256 chains, in the transaction of the act.

PostgreSQL has no SM3, so the link is computed here and accepted only at the end of the chain it was computed from.
"""

import os
import threading

from yangguang.actions.base.audit_record import AuditRecord
from yangguang.gateways.ciphers import sm3
from yangguang.models.audit.audit import SHARDS
from yangguang.postgres.sql import fetch_one
from yangguang.queries.audit.log_chain import COLUMNS, digest_entry

_LOCK = "SELECT length, link FROM yangguang_auditchainhead WHERE shard = %s FOR UPDATE"
# The end of the chain moves only from exactly the end that the link was computed from.
_APPEND = f"""
WITH moved AS (
    UPDATE yangguang_auditchainhead SET length = %s, link = %s
    WHERE shard = %s AND length = %s AND link = %s RETURNING shard
)
INSERT INTO yangguang_auditentry ({", ".join(COLUMNS)}, link)
SELECT shard, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s FROM moved
RETURNING id
"""


class _Ends(threading.local):
    """The chain this thread writes to, and the end (length, link) after its last entry: nearly always still the end."""

    shard: int | None = None
    end: tuple[int, bytes] | None = None


_ends = _Ends()


def write(entry: AuditRecord, *, denied: bool = False) -> None:
    """Append the entry; if it cannot be written, the act fails with it.

    A thread writes to one chain and first appends to the end it remembers. When that is not the end any more
    (another process wrote there, or a transaction was rolled back), it reads the end under its lock.
    """
    if _ends.shard is None:
        _ends.shard = os.urandom(1)[0] % SHARDS
    if _ends.end is None or not _append(entry, _ends.shard, _ends.end, denied=denied):
        head = fetch_one(_LOCK, (_ends.shard,))
        assert head is not None, "the migration creates the chain heads"
        appended = _append(entry, _ends.shard, (head.length, bytes(head.link)), denied=denied)
        assert appended, "the locked end of a chain does not move"


def _append(entry: AuditRecord, shard: int, end: tuple[int, bytes], *, denied: bool) -> bool:
    """Whether `end` was the end of the chain and the entry now follows it."""
    by, position = entry.by, end[0] + 1
    outcome = "DENIED" if denied else "DONE"
    actor = (by.account, by.role.value, by.unit)
    head = (position, entry.at, entry.action, outcome, *actor, entry.subject, entry.person)
    facts, digest = digest_entry(dict(zip(COLUMNS, (shard, *head, entry.facts), strict=True)))
    link = sm3(end[1] + digest)
    appended = fetch_one(_APPEND, (position, link, shard, *end, *head, facts, link)) is not None
    _ends.end = (position, link) if appended else None
    return appended
