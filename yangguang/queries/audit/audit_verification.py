"""Verify the whole log: every chain, and every published root against the chains and the log. (T1.04, T3.13)"""

from collections.abc import Iterator

from yangguang.models import Account, AuditEntry, AuditRoot
from yangguang.postgres.sql import fetch_all
from yangguang.queries.audit.log_chain import find_broken_links, find_root_faults

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


def find_log_faults() -> Iterator[str]:
    """One sentence for each fault of the log."""
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
