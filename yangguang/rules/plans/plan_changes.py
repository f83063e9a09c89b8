"""What a change of a published programme must satisfy, for the request and for carrying it out. (S23-2.10, R4.01)"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Protocol

from yangguang.rules.base.refusals import IllegalMove, Refused
from yangguang.rules.plans.plan_states import PUBLISHED
from yangguang.rules.plans.programmes import PlanLimits, ProgrammeDraft, check_plan


class QuotaRow(Protocol):
    """A stored quota."""

    code: str
    name: str
    seats: int
    taken: int


def require_change(state: str, reason: str) -> None:
    """Raise unless the plan is published and the change has a reason."""
    if state != PUBLISHED:
        raise IllegalMove("计划还没有公布，不需要按公布后调整办理", now="请退回学校修改")
    if not reason.strip():
        raise Refused("调整已公布的计划没有写明原因", now="请写明原因，会与变更历史一起公开", where="reason")


def count_difference(major: str, quotas: Iterable[QuotaRow], seats: Mapping[str, int]) -> int:
    """By how many seats the programme grows.

    Args:
        seats: quota code → new seats; other quotas do not change.

    Raises:
        Refused: a quota that does not exist, or fewer seats than are taken.
    """
    rows = {quota.code: quota for quota in quotas}
    if not rows or set(seats) - set(rows):
        raise Refused("没有找到要调整的计划行或名额类别", now="请从计划页面重新进入")
    for code, number in seats.items():
        if number < rows[code].taken:
            raise Refused(
                f"{major}“{rows[code].name}”名额不能调到{number}",
                why=f"已有{rows[code].taken}个名额被学生占用，计划任何时候不得低于已占名额",
                now=f"请填写不小于{rows[code].taken}的数",
                where=code,
            )
    return sum(number - rows[code].seats for code, number in seats.items())


def check_growth(
    capacity: int,
    drafts: Iterable[ProgrammeDraft],
    key: tuple[object, ...],
    seats: Mapping[str, int],
    limits: PlanLimits,
) -> None:
    """Raise BadRows when the plan with the added seats breaks a rule.

    A programme without seats, as a sanction may leave one, does not stop another from growing.

    Args:
        drafts: the stored programmes. key: of the programme that changes.
    """
    changed = [_with_seats(draft, seats) if draft.key == key else draft for draft in drafts]
    check_plan(capacity, [draft for draft in changed if draft.seats], limits)


def _with_seats(draft: ProgrammeDraft, seats: Mapping[str, int]) -> ProgrammeDraft:
    quotas = tuple(replace(quota, seats=seats.get(quota.code, quota.seats)) for quota in draft.quotas)
    return replace(draft, quotas=quotas, seats=sum(quota.seats for quota in quotas))
