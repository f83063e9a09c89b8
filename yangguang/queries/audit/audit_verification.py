"""Proving the log as a whole: every chain again, every published root against the chains and the log. (T1.04, T3.13)"""

import json
from collections.abc import Iterator

from yangguang.postgres.sql import fetch_all
from yangguang.queries.audit.log_chain import GENESIS, broken_links, merkle_root

_ROOTS = "SELECT day, root, entries, heads::text FROM yangguang_auditroot ORDER BY day"
_LINKS = """
SELECT h.shard, h.position, e.link
FROM unnest(%s::int[], %s::bigint[]) AS h(shard, position)
LEFT JOIN yangguang_auditentry AS e ON e.shard = h.shard AND e.position = h.position
"""
# The log says of itself which roots were published; asking again for a day's root says none.
_ANNOUNCED = """
SELECT coalesce(e.day, to_char(r.day, 'YYYY-MM-DD')), e.root IS NOT NULL, r.root IS NOT NULL
FROM (
    SELECT facts ->> 'day' AS day, facts ->> 'root' AS root FROM yangguang_auditentry
    WHERE action = 'audit.root' AND outcome = 'DONE' AND facts ? 'root'
) AS e
FULL JOIN yangguang_auditroot AS r ON to_char(r.day, 'YYYY-MM-DD') = e.day
WHERE e.root IS DISTINCT FROM r.root
ORDER BY 1
"""
_EMPTIED = """
SELECT 1 WHERE EXISTS (SELECT FROM yangguang_account) AND NOT EXISTS (SELECT FROM yangguang_auditentry)
"""


def faults() -> Iterator[str]:
    """Everything that is wrong with the log, one sentence each; nothing when it proves itself."""
    if fetch_all(_EMPTIED):
        yield "日志中一条记录也没有，但系统里已有账号"
    yield from broken_links()
    before = 0
    for day, root, entries, heads in fetch_all(_ROOTS):
        yield from _root_faults(f"{day:%Y-%m-%d}", root, entries, json.loads(heads))
        if entries < before:
            yield f"{day:%Y-%m-%d} 的日志根条数少于前一天"
        before = entries
    yield from _unannounced()


def _unannounced() -> Iterator[str]:
    """Roots in which the log and the table of roots differ, whichever of the two lost one or changed it."""
    for day, announced, kept in fetch_all(_ANNOUNCED):
        if not kept:
            yield f"{day} 的日志根已在日志中公布，却不在每日日志根中"
        elif not announced:
            yield f"{day} 的日志根在日志中没有公布的记录"
        else:
            yield f"{day} 的日志根与日志中公布的不同"


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
