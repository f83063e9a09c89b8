"""压缩招生计划 on a published plan: free seats are struck in proportion, never one that is held. (domain-rules §10)"""

from collections.abc import Sequence
from datetime import datetime

from yangguang.actions.base.action import update_versioned
from yangguang.actions.plans.programmes import follow_rounds, keep_versions
from yangguang.models import Plan, PlanBucket, PlanLine
from yangguang.queries.supervision.sanctions import in_force
from yangguang.rules.plans import plan_states
from yangguang.rules.runs.eligibility import shared_out


def cut_to_measures(plans: Sequence[int], at: datetime) -> int:
    """Bring these published plans (row ids) down to what measures in force allow; returns the seats struck."""
    held = in_force(at)
    rows = Plan.objects.select_for_update().filter(
        pk__in=plans, state=plan_states.PUBLISHED, school__in=list(held)
    )  # fmt: skip
    struck = 0
    for plan in rows.order_by("pk"):
        most = held[plan.school_id].plan_cap
        # A stop ends what is new, not what the plan said; only a cut touches its numbers.
        if most is not None and held[plan.school_id].takes_new:
            struck += cut(plan, most)
    return struck


def cut(plan: Plan, most: int) -> int:
    """Leave the plan `most` seats over all its lines, or as many as are taken when those are more.

    Returns:
        the number of seats that were struck; the plan has a new version when it is not 0.
    """
    buckets = list(
        PlanBucket.objects.select_for_update().filter(plan_line__plan=plan).order_by("pk")
    )  # fmt: skip
    taken = sum(bucket.taken for bucket in buckets)
    before = sum(bucket.seats for bucket in buckets)
    if before <= max(most, taken):
        return 0
    free = {f"{bucket.pk:012}": bucket.seats - bucket.taken for bucket in buckets}
    left = shared_out(max(most - taken, 0), free)
    of_line: dict[int, int] = {}
    for bucket in buckets:
        bucket.seats = bucket.taken + left[f"{bucket.pk:012}"]
        of_line[bucket.plan_line_id] = of_line.get(bucket.plan_line_id, 0) + bucket.seats
    PlanBucket.objects.bulk_update(buckets, ["seats"])
    lines = [PlanLine(pk=pk, seats=seats) for pk, seats in of_line.items()]
    PlanLine.objects.bulk_update(lines, ["seats"])
    follow_rounds(sorted(of_line))
    update_versioned(plan)
    keep_versions([plan.pk])
    return before - sum(of_line.values())
