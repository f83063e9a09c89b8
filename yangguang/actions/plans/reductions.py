"""压缩招生计划 of a published plan: free seats are removed in proportion, taken seats never. (S23-2.02, R10.04)"""

from collections.abc import Sequence
from datetime import datetime

from yangguang.actions.base.action import update_versioned
from yangguang.actions.plans.programmes import add_versions, update_round_seats
from yangguang.models import Plan, Programme, Quota
from yangguang.queries.supervision.sanctions import effects_in_force
from yangguang.rules.plans import plan_states
from yangguang.rules.runs.eligibility import share_cap


def reduce_to_sanctions(plans: Sequence[int], at: datetime) -> int:
    """Reduce these published plans (row ids) to what the sanctions in force allow; returns the seats removed."""
    effects = effects_in_force(at)
    rows = Plan.objects.select_for_update().filter(pk__in=plans, school__in=list(effects))
    removed = 0
    for plan in rows.filter(state=plan_states.PUBLISHED).order_by("pk"):
        most = effects[plan.school_id].plan_cap
        # A stop of admissions leaves the plan as it is; only a reduction changes its numbers.
        if most is not None and effects[plan.school_id].takes_new:
            removed += reduce_plan(plan, most)
    return removed


def reduce_plan(plan: Plan, most: int) -> int:
    """Leave the plan `most` seats over all its programmes, or the number of taken seats when that is larger.

    Returns:
        the number of seats removed; the plan has a new version when it is not 0.
    """
    quotas = list(Quota.objects.select_for_update().filter(programme__plan=plan).order_by("pk"))
    taken = sum(quota.taken for quota in quotas)
    before = sum(quota.seats for quota in quotas)
    if before <= max(most, taken):
        return 0
    free = {f"{quota.pk:012}": quota.seats - quota.taken for quota in quotas}
    shares = share_cap(max(most - taken, 0), free)
    seats: dict[int, int] = {}
    for quota in quotas:
        quota.seats = quota.taken + shares[f"{quota.pk:012}"]
        seats[quota.programme_id] = seats.get(quota.programme_id, 0) + quota.seats
    Quota.objects.bulk_update(quotas, ["seats"])
    Programme.objects.bulk_update([Programme(pk=pk, seats=n) for pk, n in seats.items()], ["seats"])
    update_round_seats(sorted(seats))
    update_versioned(plan)
    add_versions([plan.pk])
    return before - sum(seats.values())
