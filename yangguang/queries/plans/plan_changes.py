"""Requests to change a published plan, with what each quota has now and what is wanted. (F-C2)"""

from dataclasses import dataclass

from yangguang.models import Plan, PlanChange, Season
from yangguang.models.base.scoping import ScopedQuerySet
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.plans.plan_change_states import REQUESTED, WITHDRAWN


@dataclass(frozen=True, slots=True)
class SeatChange:
    """One quota of a request: seats and taken seats of now, and the wanted seats."""

    name: str
    seats: int
    taken: int
    wanted: int


def select_changes(by: Actor, right: Right) -> ScopedQuerySet:
    """The requests within the actor's reach, with their programmes and quotas."""
    rows: ScopedQuerySet = PlanChange.objects.for_actor(by, right)
    related = ("programme__plan__school__parent", "programme__plan__season", "answered_by", "requested_by")
    return rows.select_related(*related).prefetch_related("programme__quotas")


def list_changes_of(by: Actor, right: Right, plan: Plan) -> list[PlanChange]:
    """Every request about one plan, the newest first."""
    return list(select_changes(by, right).filter(programme__plan=plan))


def find_last_answer(by: Actor, season: Season) -> PlanChange | None:
    """The request of the actor's school that the bureau answered last, None without one."""
    rows = select_changes(by, Right.PLAN_CHANGE_REQUEST).filter(programme__plan__season=season)
    row: PlanChange | None = rows.exclude(state__in=(REQUESTED, WITHDRAWN)).order_by("-answered_at").first()
    return row


def count_waiting_changes(by: Actor, season: Season) -> int:
    """How many requests of a season the actor may answer."""
    rows = PlanChange.objects.for_actor(by, Right.PLAN_CHANGE_REFUSE)
    return rows.filter(programme__plan__season=season, state=REQUESTED).count()


def find_last_withdrawn(by: Actor, season: Season) -> PlanChange | None:
    """The request of a season that its school withdrew last, None without one."""
    rows = select_changes(by, Right.PLAN_CHANGE_REFUSE).filter(programme__plan__season=season, state=WITHDRAWN)
    row: PlanChange | None = rows.order_by("-answered_at").first()
    return row


def compare_seats(change: PlanChange) -> list[SeatChange]:
    """Every quota that the request is about."""
    return [
        SeatChange(quota.name, quota.seats, quota.taken, change.seats[quota.code])
        for quota in change.programme.quotas.all()
        if quota.code in change.seats
    ]


def describe_seats(change: PlanChange) -> str:
    """普通 60、专门编班 5: the wanted seats."""
    return "、".join(f"{row.name} {row.wanted}" for row in compare_seats(change))
