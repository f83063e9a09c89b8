"""Layout of the auditor's desk: its navigation."""

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.layout import Desk

DESK = Desk(
    "auditor",
    (
        (
            "审计",
            (
                ("概况", "auditor:home", Right.HEALTH_READ_INTERNAL),
                ("日志", "auditor:log", Right.AUDIT_LOG_READ),
                ("证明", "auditor:proofs", Right.HEALTH_READ_INTERNAL),
                ("志愿异议", "auditor:disputes", Right.DISPUTE_READ),
                ("不变量", "auditor:invariants", Right.HEALTH_READ_INTERNAL),
            ),
        ),
    ),
)
page, layout_context = DESK.page, DESK.layout_context
