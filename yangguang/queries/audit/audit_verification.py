"""Verify the whole log: every chain, and every published root against the chains and the log. (T1.04, T3.13)"""

import json
from collections.abc import Iterator

from yangguang.gateways.ciphers import sm3
from yangguang.postgres.sql import fetch_all
from yangguang.queries.audit.log_chain import find_broken_links, find_changed_ends
from yangguang.rules.audit.merkle import merkle_root

_ROOTS = """
SELECT to_char(day, 'YYYY-MM-DD') AS day, root, entries, heads::text FROM yangguang_auditroot AS r ORDER BY r.day
"""
# The log records every publication of a root; asking again for a day's root records none.
_DIFFERENT_ROOTS = """
SELECT coalesce(e.day, to_char(r.day, 'YYYY-MM-DD')) AS day, e.root IS NOT NULL AS in_log,
       r.root IS NOT NULL AS in_table
FROM (
    SELECT facts ->> 'day' AS day, facts ->> 'root' AS root FROM yangguang_auditentry
    WHERE action = 'audit.root' AND outcome = 'DONE' AND facts ? 'root'
) AS e
FULL JOIN yangguang_auditroot AS r ON to_char(r.day, 'YYYY-MM-DD') = e.day
WHERE e.root IS DISTINCT FROM r.root
ORDER BY 1
"""
_IS_EMPTIED = """
SELECT 1 WHERE EXISTS (SELECT FROM yangguang_account) AND NOT EXISTS (SELECT FROM yangguang_auditentry)
"""


def find_log_faults() -> Iterator[str]:
    """One sentence for each fault of the log."""
    if fetch_all(_IS_EMPTIED):
        yield "日志中一条记录也没有，但系统里已有账号"
    yield from find_broken_links()
    before = 0
    for row in fetch_all(_ROOTS):
        yield from _check_root(row.day, row.root, row.entries, json.loads(row.heads))
        if row.entries < before:
            yield f"{row.day} 的日志根条数少于前一天"
        before = row.entries
    yield from _compare_roots_with_log()


def _compare_roots_with_log() -> Iterator[str]:
    for day, in_log, in_table in fetch_all(_DIFFERENT_ROOTS):
        if not in_table:
            yield f"{day} 的日志根已在日志中公布，却不在每日日志根中"
        elif not in_log:
            yield f"{day} 的日志根在日志中没有公布的记录"
        else:
            yield f"{day} 的日志根与日志中公布的不同"


def _check_root(day: str, root: str, entries: int, heads: list[tuple[int, str]]) -> Iterator[str]:
    lengths, links = [length for length, _ in heads], [bytes.fromhex(link) for _, link in heads]
    if merkle_root(links, sm3).hex() != root:
        yield f"{day} 的日志根与所存链首不符"
    if sum(lengths) != entries:
        yield f"{day} 的日志根条数与各链长度之和不符"
    yield from (f"{day} 的日志根：{fault}" for fault in find_changed_ends(lengths, links))
