"""Writing the log: one entry, one link, one of 256 chains, in the transaction of the act itself.

SM3 is not in PostgreSQL, so the chain's end is read under its row lock and the link computed here.
"""

import os
from typing import Any

from yangguang.actions.entry import Entry
from yangguang.gateways.ciphers import sm3
from yangguang.models.audit import SHARDS
from yangguang.queries.audit import digest_of
from yangguang.queries.rows import fetch_one

_LOCK = "SELECT length, link FROM yangguang_audithead WHERE shard = %s FOR UPDATE"
_APPEND = """
WITH moved AS (
    UPDATE yangguang_audithead SET length = %s, link = %s WHERE shard = %s RETURNING shard
)
INSERT INTO yangguang_auditentry
    (shard, position, at, action, outcome, account, role, unit, subject, person, facts, link)
SELECT shard, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s FROM moved
RETURNING id
"""


def write(entry: Entry, *, denied: bool = False) -> None:
    """Append the entry; if it cannot be written, the act fails with it."""
    by = entry.by
    shard = os.urandom(1)[0] % SHARDS
    held = fetch_one(_LOCK, (shard,))
    assert held is not None, "the chain heads are laid by the migration"
    position, before = held[0] + 1, bytes(held[1])
    row: dict[str, Any] = {
        "shard": shard,
        "position": position,
        "at": entry.at,
        "action": entry.action,
        "outcome": "DENIED" if denied else "DONE",
        "account": by.account,
        "role": by.role.value,
        "unit": by.unit,
        "subject": entry.subject,
        "person": entry.person,
        "facts": entry.facts,
    }
    facts, digest = digest_of(row)
    link = sm3(before + digest)
    wrote = fetch_one(
        _APPEND,
        (position, link, shard, position, entry.at, entry.action, row["outcome"], by.account,
         row["role"], by.unit, entry.subject, entry.person, facts, link),
    )  # fmt: skip
    assert wrote is not None
