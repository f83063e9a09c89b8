"""What waits for a school, with its deadline, in the shape of `components/inbox.html`. (X2.01)"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.urls import reverse

from yangguang import clock
from yangguang.models import Plan, Season
from yangguang.postgres.sql import Row
from yangguang.queries.accounts.proposals import count_lapsed_proposals, count_second_signatures
from yangguang.queries.admissions.withdrawals import list_running
from yangguang.queries.publicity.public_home import SeasonWindow
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.admissions import withdrawal_states
from yangguang.rules.plans import plan_states
from yangguang.rules.seasons.windows import WindowKind, WindowStatus

MAX_COUNTED = 1


class Task(NamedTuple):
    """One row of `components/inbox.html`; `until` None when no window ends it."""

    what: str
    number: int | None
    until: datetime | None
    url: str
    act: str
    note: str = ""


def list_tasks(
    by: Actor,
    season: Season,
    plan: Plan | None,
    numbers: Row,
    check_ins: list[Row],
    windows: Iterable[SeasonWindow],
) -> list[Task]:
    """What waits for this school now, the nearest deadline first.

    Args:
        check_ins: rounds whose students can be checked in now.
    """
    # The first window of a kind counts when several are open.
    open_until: dict[WindowKind, datetime] = {}
    for window in windows:
        if window.status is WindowStatus.OPEN and window.closes_at:
            open_until.setdefault(window.kind, window.closes_at)
    of, tasks = f"?season={season.public_id}", []
    if WindowKind.PLAN_ENTRY in open_until and (plan is None or plan.state == plan_states.DRAFTED):
        what = "招生计划被退回，请修改后重新上报" if plan and plan.remark else "招生计划还没有上报"
        tasks.append(Task(what, None, open_until[WindowKind.PLAN_ENTRY], reverse("school:plan") + of, "去编报"))
    if check_ins:
        until, number = min(row.closes_at for row in check_ins if row.closes_at), sum(row.expected for row in check_ins)
        tasks.append(Task("录取的学生等待办理报到", number, until, reverse("school:check_in") + of, "办理报到"))
    checked_by, records = open_until.get(WindowKind.RECORD_CHECK), reverse("school:records") + of
    if numbers.to_complete:
        tasks.append(Task("学籍等待补充班级", numbers.to_complete, checked_by, f"{records}&state=CREATED", "分班"))
    if numbers.disputed:
        what = "学生报告学籍有误，请核对后重新提交"
        tasks.append(Task(what, numbers.disputed, checked_by, f"{records}&state=DISPUTED", "去核对"))
    tasks += _list_requests(by)
    return sorted(tasks, key=lambda task: task.until.timestamp() if task.until else float("inf"))


def _list_requests(by: Actor) -> list[Task]:
    """What persons wait for: students who want to withdraw, colleagues who need a second signature."""
    tasks, proposals = [], reverse("school:proposals")
    if by.may(Right.WITHDRAWAL_COMMENT):
        waiting = [row for row in list_running(by) if row.state == withdrawal_states.REQUESTED]
        if waiting:
            what = "学生的退录申请等待学校意见"
            tasks.append(Task(what, len(waiting), waiting[0].due_at, reverse("school:releases"), "提出意见"))
    if by.may(Right.PROPOSAL_WITHDRAW):
        if count_second_signatures(by, MAX_COUNTED):
            tasks.append(Task("同事的提请等待第二个人签名", None, None, proposals, "去看"))
        if count_lapsed_proposals(by, clock.now()):
            tasks.append(Task("您的提请到期失效，仍要办的请重新提请", None, None, proposals, "去看"))
    return tasks
