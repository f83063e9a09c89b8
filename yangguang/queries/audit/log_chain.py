"""The 256 hash chains of the log: the canonical form of an entry, and the recomputed links and roots. (T1.04, T3.13)"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from yangguang import clock
from yangguang.gateways.ciphers import sm3
from yangguang.models import Account, AuditChainHead, AuditEntry, AuditRoot
from yangguang.models.audit.audit import SHARDS
from yangguang.postgres.sql import Row, fetch_all
from yangguang.queries.audit.daily_roots import last_day_due, list_days_without_root
from yangguang.rules.audit.merkle import root_of_ends

GENESIS = b"\x00" * 32
_HEAD = ("action", "outcome", "account", "role", "unit", "subject", "person")
COLUMNS = ("shard", "position", "at", *_HEAD, "facts")
"""The columns of an entry that its link is computed from."""
_LINKS = """
SELECT h.shard, e.link
FROM unnest(%s::int[], %s::bigint[]) AS h(shard, position)
LEFT JOIN yangguang_auditentry AS e ON e.shard = h.shard AND e.position = h.position
ORDER BY h.shard
"""
# The log records every publication of a root; asking again for a day's root records none.
_DIFFERENT_ROOTS = """
SELECT coalesce(e.day, to_char(r.day, 'YYYY-MM-DD')) AS day,
       CASE WHEN r.root IS NULL THEN '的日志根已在日志中公布，却不在每日日志根中'
            WHEN e.root IS NULL THEN '的日志根在日志中没有公布的记录' ELSE '的日志根与日志中公布的不同' END AS fault
FROM (
    SELECT facts ->> 'day' AS day, facts ->> 'root' AS root FROM yangguang_auditentry
    WHERE action = 'audit.root' AND outcome = 'DONE' AND facts ? 'root'
) AS e
FULL JOIN yangguang_auditroot AS r ON to_char(r.day, 'YYYY-MM-DD') = e.day
WHERE e.root IS DISTINCT FROM r.root
ORDER BY 1
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


def to_entry(row: Row) -> dict[str, Any]:
    """A row of `COLUMNS` by name, with its facts parsed."""
    entry: dict[str, Any] = row._asdict()
    return entry | {"facts": json.loads(row.facts)}


class ChainReader:
    """Recomputes one chain; `position` and `link` are those of the last entry read.

    Args:
        head: as it was before the entries were read, so that those written meanwhile lie beyond it; None: no head.
        position, link: of the entry before the first one to be read.
    """

    def __init__(self, shard: int, head: AuditChainHead | None, *, position: int = 0, link: bytes = GENESIS) -> None:
        self.shard, self.head, self.position, self.link = shard, head, position, link
        self.link_at_head = link if head is not None and head.length == position else None

    def read(self, entry: dict[str, Any]) -> Iterator[str]:
        """Compare the next entry (`COLUMNS` and the stored link) with the chain.

        Returns:
            one sentence for each fault; the chain goes on from the stored values, so a fault is reported once.
        """
        stored = bytes(entry["link"])
        if entry["position"] != self.position + 1:
            yield f"第{self.shard}链缺少第{self.position + 1}条"
        self.position = entry["position"]
        if stored != sm3(self.link + digest_entry(entry)[1]):
            yield f"第{self.shard}链第{self.position}条与链值不符"
        self.link = stored
        if self.head is not None and self.position == self.head.length:
            self.link_at_head = stored

    def compare_head(self) -> Iterator[str]:
        """Compare the chain with its head; when entries lie beyond it, the head of now must reach them."""
        if self.head is None:
            yield f"第{self.shard}链没有链首"
        elif self.link_at_head != bytes(self.head.link) or not self._is_reached():
            yield f"第{self.shard}链链首与最后一条不符"

    def _is_reached(self) -> bool:
        if self.head is None or self.position == self.head.length:
            return True
        return AuditChainHead.objects.filter(pk=self.shard, length__gte=self.position).exists()


def find_broken_links() -> Iterator[str]:
    """One sentence for each fault of the chains: a missing entry, a changed entry, a changed head."""
    heads = AuditChainHead.objects.in_bulk()
    readers = [ChainReader(shard, heads.get(shard)) for shard in range(SHARDS)]
    entries = AuditEntry.objects.order_by("shard", "position").values(*COLUMNS, "link")
    for entry in entries.iterator(chunk_size=5000):
        yield from readers[entry["shard"]].read(entry)
    for reader in readers:
        yield from reader.compare_head()


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """The recomputed newest part of one chain: how many entries, and one sentence for each fault."""

    shard: int
    length: int
    checked: int
    faults: tuple[str, ...]


def check_chain(shard: int, most: int) -> ChainCheck:
    """Recompute the newest `most` entries of a chain, and those written meanwhile; two queries, or three."""
    head = AuditChainHead.objects.get(pk=shard)
    rows = AuditEntry.objects.filter(shard=shard, position__gte=head.length - most).order_by("position")
    entries = list(rows.values(*COLUMNS, "link"))
    reader = ChainReader(shard, head)
    if entries and entries[0]["position"] > 1:
        # The entry before the newest part gives only its link.
        first = entries.pop(0)
        reader = ChainReader(shard, head, position=first["position"], link=bytes(first["link"]))
    faults = [fault for entry in entries for fault in reader.read(entry)]
    return ChainCheck(shard, head.length, len(entries), (*faults, *reader.compare_head()))


def find_root_faults(root: AuditRoot) -> Iterator[str]:
    """One sentence for each fault of a published root, and for each of its chain ends that is different now."""
    lengths, links = [length for length, _ in root.ends], [link for _, link in root.ends]
    if root_of_ends(root.ends, sm3).hex() != root.root:
        yield "由当日各链链首算出的根与公布的不同"
    if sum(lengths) != root.entries:
        yield "各链长度之和与公布的累计条数不同"
    stored = fetch_all(_LINKS, (list(range(len(lengths))), lengths))
    for row, length, published in zip(stored, lengths, links, strict=True):
        link = GENESIS if length == 0 else row.link
        if link is None or bytes(link) != published:
            yield f"第{row.shard}链第{length}条现在的链值与当日不同"


def find_log_faults() -> Iterator[str]:
    """One sentence for each fault of the log: its chains, and each published root against them, and
    the days without a root.
    """
    if Account.objects.exists() and not AuditEntry.objects.exists():
        yield "日志中一条记录也没有，但系统里已有账号"
    yield from find_broken_links()
    entries = 0
    for root in AuditRoot.objects.order_by("day"):
        yield from (f"{root.day} 的日志根：{fault}" for fault in find_root_faults(root))
        if root.entries < entries:
            yield f"{root.day} 的日志根条数少于前一天"
        entries = root.entries
    yield from (f"{row.day} {row.fault}" for row in fetch_all(_DIFFERENT_ROOTS))
    yield from (f"{day} 没有日志根" for day in list_days_without_root(last_day_due(clock.now())))
