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
        (
            "任务和报送",
            (
                ("任务分解", "authority:targets", Right.TASK_NUMBER_READ),
                ("招生进度", "authority:progress", Right.MONTHLY_REPORT_SEE_BOTH_LINES),
                ("月报", "authority:reports", Right.MONTHLY_REPORT_SEE_BOTH_LINES),
            ),
        ),
    ),
)
page, layout_context = DESK.page, DESK.layout_context
