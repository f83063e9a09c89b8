"""What the operator has to look at: broken invariants, checks and roots that were missed, jobs that failed."""

from datetime import datetime, timedelta

from yangguang.models import AuditEntry
from yangguang.postgres.sql import fetch_all
from yangguang.queries.admissions.withdrawal_clocks import count_waiting, list_missing_years
from yangguang.queries.audit.daily_roots import last_day_due, list_days_without_root
from yangguang.rules.seasons.windows import format_day, format_instant

CHECK_DUE = timedelta(hours=26)
"""The check of each night may take so long to come after the one before."""
MAX_DAYS = 5
JOBS = {
    "send_messages": "发送短信",
    "carry_out_run": "录取运算",
    "carry_on_runs": "接续录取运算",
    "check_duplicates": "查重",
    "publish_daily_root": "公布每日日志根",
    "make_bundles": "制作录取回放包",
    "make_due_records": "生成学籍",
    "offer_freed_seats": "候补递补",
    "carry_out_withdrawals": "退录到期生效",
    "lapse_answers": "处理逾期应答",
    "carry_out_measures": "执行处理措施",
    "lapse_proposals": "结束到期的提请",
    "check_invariants": "核对不变量",
    "retry_stalled": "接管中断的任务",
}
"""Name and Chinese label of each background job."""
# The queue keeps real time, also while the practice clock is shifted.
_FAILED = """
SELECT j.task_name AS job, count(*) AS times
FROM procrastinate_events AS e JOIN procrastinate_jobs AS j ON j.id = e.job_id
WHERE e.type = 'failed' AND e.at > clock_timestamp() - interval '1 day'
GROUP BY 1 ORDER BY 1
"""


def list_alerts(at: datetime) -> list[str]:
    """One sentence for each thing that is not as it should be; [] when all is well."""
    failed = [
        f"后台任务“{JOBS.get(row.job, row.job)}”24小时内失败 {row.times} 次，原因在程序日志里"
        for row in fetch_all(_FAILED)
        if row.job != "check_invariants"  # Its failure is said with the numbers of the invariants.
    ]
    return [*_check_alerts(at), *_root_alerts(at), *_calendar_alerts(at), *failed]


def _check_alerts(at: datetime) -> list[str]:
    checks = AuditEntry.objects.filter(action="invariant.check", outcome=AuditEntry.Outcome.DONE, at__lte=at)
    last = checks.order_by("-at", "-pk").first()
    if last is None or last.at < at - CHECK_DUE:
        return ["不变量有一天以上没有核对过，请查看后台任务是否在运行"]
    if broken := last.facts["broken"]:
        numbers = "、".join(map(str, broken))
        return [f"{format_instant(last.at)}核对，不成立的不变量：第 {numbers} 条。先不要公布任何结果"]
    return []


def _root_alerts(at: datetime) -> list[str]:
    days = list_days_without_root(last_day_due(at))
    if not days:
        return []
    named = "、".join(format_day(day) for day in days[:MAX_DAYS])
    return [f"有 {len(days)} 天没有日志根：{named}{'等' if len(days) > MAX_DAYS else ''}；下一次任务会补齐"]


def _calendar_alerts(at: datetime) -> list[str]:
    years = "、".join(f"{year}年" for year in list_missing_years(at))
    waiting = count_waiting()
    missing = [f"{years}的工作日历还没有载入，请省级主管部门按国家公布的放假安排载入"] if years else []
    return missing + ([f"{waiting} 件退录申请的期限暂时算不出来，等工作日历载入"] if waiting else [])
