"""Reading and proving the log: the canonical entry, the recomputed chains, the Merkle root of their ends."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from yangguang.gateways.ciphers import sm3
from yangguang.models.audit.audit import SHARDS

GENESIS = b"\x00" * 32
COLUMNS = (
    "shard", "position", "at", "action", "outcome", "account", "role", "unit", "subject", "person", "facts"
)  # fmt: skip
"""Of an entry, all that its link is computed from."""
_spell = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def spelled(row: dict[str, Any]) -> tuple[str, str]:
    """The facts and the head of an entry as canonical JSON (UTC instant in microseconds, sorted keys).

    JSONB keeps values, not spelling, so the digest is over the sorted spelling, which can be made again.
    """
    instant = int(row["at"].timestamp() * 1_000_000)
    head = [row["shard"], row["position"], instant, *(row[name] for name in COLUMNS[3:-1])]
    return _spell(row["facts"]), _spell(head)


def digest_of(row: dict[str, Any]) -> tuple[str, bytes]:
    """The stored spelling of the facts, and SM3 over the entry's canonical JSON."""
    facts, head = spelled(row)
    return facts, sm3(f"{head}\n{facts}".encode())


def row_of(values: Sequence[Any]) -> dict[str, Any]:
    """An entry as it was read by `COLUMNS`, by name."""
    row = dict(zip(COLUMNS, values, strict=True))
    if isinstance(row["facts"], str):
        row["facts"] = json.loads(row["facts"])
    return row


def broken_links() -> Iterator[str]:
    """Every fault of the log in one sentence each: a gap, a changed entry, a chain end that moved."""
    links, lengths = dict.fromkeys(range(SHARDS), GENESIS), dict.fromkeys(range(SHARDS), 0)
    names = ", ".join(COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names}, link FROM yangguang_auditentry ORDER BY shard, position")
        while rows := cursor.fetchmany(5000):
            for values in rows:
                row = row_of(values[:-1])
                shard = row["shard"]
                lengths[shard] += 1
                if row["position"] != lengths[shard]:
                    yield f"第{shard}链缺少第{lengths[shard]}条"
                    lengths[shard] = row["position"]
                links[shard] = sm3(links[shard] + digest_of(row)[1])
                if links[shard] != bytes(values[-1]):
                    yield f"第{shard}链第{row['position']}条与链值不符"
                    links[shard] = bytes(values[-1])
        cursor.execute("SELECT shard, length, link FROM yangguang_auditchainhead")
        heads = {shard: (length, bytes(link)) for shard, length, link in cursor.fetchall()}
    for shard in range(SHARDS):
        if shard not in heads:
            yield f"第{shard}链没有链首"
        elif heads[shard] != (lengths[shard], links[shard]):
            yield f"第{shard}链链首与最后一条不符"


def merkle_root(leaves: list[bytes]) -> bytes:
    """Root of a binary SM3 tree; leaves and nodes are told apart by a prefix byte, as in RFC 6962.

    Args:
        leaves: at least one 32-byte value; an odd node moves up unchanged.
    """
    level = [sm3(b"\x00" + leaf) for leaf in leaves]
    while len(level) > 1:
        pairs = [sm3(b"\x01" + a + b) for a, b in zip(level[::2], level[1::2], strict=False)]
        level = pairs + ([level[-1]] if len(level) % 2 else [])
    return level[0]
