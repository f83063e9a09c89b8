"""Proving the log as a whole: every chain again, and every published root against the chains. (trust.md decision 4)"""

import json
from collections.abc import Iterator

from yangguang.queries.audit import GENESIS, broken_links, merkle_root
from yangguang.queries.rows import fetch_all

_ROOTS = "SELECT day, root, entries, heads::text FROM yangguang_auditroot ORDER BY day"
_LINKS = """
SELECT h.shard, h.position, e.link
FROM unnest(%s::int[], %s::bigint[]) AS h(shard, position)
LEFT JOIN yangguang_auditentry AS e ON e.shard = h.shard AND e.position = h.position
"""


def faults() -> Iterator[str]:
    """Everything that is wrong with the log, one sentence each; nothing when it proves itself."""
    yield from broken_links()
    before = 0
    for day, root, entries, heads in fetch_all(_ROOTS):
        yield from _root_faults(f"{day:%Y-%m-%d}", root, entries, json.loads(heads))
        if entries < before:
            yield f"{day:%Y-%m-%d} 的日志根条数少于前一天"
        before = entries


def _root_faults(day: str, root: str, entries: int, heads: list[list[object]]) -> Iterator[str]:
    lengths, links = [int(str(one[0])) for one in heads], [bytes.fromhex(str(one[1])) for one in heads]
    if merkle_root(links).hex() != root:
        yield f"{day} 的日志根与所存链首不符"
    if sum(lengths) != entries:
        yield f"{day} 的日志根条数与各链长度之和不符"
    known = {shard: link for shard, _, link in fetch_all(_LINKS, (list(range(len(heads))), lengths))}
    for shard, (length, link) in enumerate(zip(lengths, links, strict=True)):
        stands = GENESIS if length == 0 else known[shard]
        if stands is None or bytes(stands) != link:
            yield f"{day} 的日志根：第{shard}链第{length}条现在的链值与当日不同"
