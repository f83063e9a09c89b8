"""The 256 hash chains of the log: the canonical form of an entry, and the recomputed links. (T1.04)"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from yangguang.gateways.ciphers import sm3
from yangguang.models.audit.audit import SHARDS
from yangguang.postgres.sql import fetch_all

GENESIS = b"\x00" * 32
_HEAD = ("action", "outcome", "account", "role", "unit", "subject", "person")
COLUMNS = ("shard", "position", "at", *_HEAD, "facts")
"""The columns of an entry that its link is computed from."""
_ENTRIES = f"SELECT {', '.join(COLUMNS)}, link FROM yangguang_auditentry ORDER BY shard, position"
_CHAIN_HEADS = "SELECT shard, length, link FROM yangguang_auditchainhead"
_LINKS = """
SELECT h.shard, e.link
FROM unnest(%s::int[], %s::bigint[]) AS h(shard, position)
LEFT JOIN yangguang_auditentry AS e ON e.shard = h.shard AND e.position = h.position
ORDER BY h.shard
"""
_to_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def canonical_json(entry: dict[str, Any]) -> tuple[str, str]:
    """The facts and the head of an entry as JSON with sorted keys; the instant in microseconds UTC.

    JSONB does not keep the order of keys, so the digest is over the sorted form, which can be computed again.
    """
    instant = int(entry["at"].timestamp() * 1_000_000)
    head = [entry["shard"], entry["position"], instant, *(entry[name] for name in _HEAD)]
    return _to_json(entry["facts"]), _to_json(head)


def digest_entry(entry: dict[str, Any]) -> tuple[str, bytes]:
    """The facts as canonical JSON, and SM3 over head and facts."""
    facts, head = canonical_json(entry)
    return facts, sm3(f"{head}\n{facts}".encode())


def to_entry(values: Sequence[Any]) -> dict[str, Any]:
    """The values of `COLUMNS` by name."""
    entry = dict(zip(COLUMNS, values, strict=True))
    if isinstance(entry["facts"], str):
        entry["facts"] = json.loads(entry["facts"])
    return entry


class ChainReader:
    """Recomputes one chain; `position` and `link` are those of the last entry read."""

    def __init__(self, shard: int, position: int = 0, link: bytes = GENESIS) -> None:
        self.shard, self.position, self.link = shard, position, link

    def read(self, values: Sequence[Any]) -> Iterator[str]:
        """Compare the next entry with the chain.

        Args:
            values: of `COLUMNS`, and the stored link.
        Returns:
            one sentence for each fault; the chain goes on from the stored values, so a fault is reported once.
        """
        entry, stored = to_entry(values[:-1]), bytes(values[-1])
        if entry["position"] != self.position + 1:
            yield f"第{self.shard}链缺少第{self.position + 1}条"
        self.position = entry["position"]
        if stored != sm3(self.link + digest_entry(entry)[1]):
            yield f"第{self.shard}链第{self.position}条与链值不符"
        self.link = stored

    def compare_head(self, length: int, link: bytes) -> Iterator[str]:
        """Compare the last entry with the chain's head."""
        if (length, bytes(link)) != (self.position, self.link):
            yield f"第{self.shard}链链首与最后一条不符"


def find_broken_links() -> Iterator[str]:
    """One sentence for each fault of the chains: a missing entry, a changed entry, a changed head."""
    readers = [ChainReader(shard) for shard in range(SHARDS)]
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES)
        while rows := cursor.fetchmany(5000):
            for values in rows:
                yield from readers[values[0]].read(values)
    heads = {shard: (length, link) for shard, length, link in fetch_all(_CHAIN_HEADS)}
    for reader in readers:
        if reader.shard not in heads:
            yield f"第{reader.shard}链没有链首"
        else:
            yield from reader.compare_head(*heads[reader.shard])


def find_changed_ends(lengths: Sequence[int], links: Sequence[bytes]) -> Iterator[str]:
    """Compare ends of all chains as published once with the log; one sentence for each that is different now.

    Args:
        lengths, links: of each chain, by its number.
    """
    stored = fetch_all(_LINKS, (list(range(len(lengths))), list(lengths)))
    for (shard, link), length, published in zip(stored, lengths, links, strict=True):
        now = GENESIS if length == 0 else link
        if now is None or bytes(now) != published:
            yield f"第{shard}链第{length}条现在的链值与当日不同"
