"""压缩招生计划 on a published plan: free seats are struck in proportion, never one that is held. (S23-2.02, R10.04)"""

from collections.abc import Sequence
from datetime import datetime

from yangguang.actions.base.action import update_versioned
from yangguang.actions.plans.programmes import follow_rounds, keep_versions
from yangguang.models import Plan, Programme, Quota
from yangguang.queries.supervision.sanctions import effects_in_force
from yangguang.rules.plans import plan_states
from yangguang.rules.runs.eligibility import shared_out


def cut_to_measures(plans: Sequence[int], at: datetime) -> int:
    """Bring these published plans (row ids) down to what measures in force allow; returns the seats struck."""
    held = effects_in_force(at)
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
    """Leave the plan `most` seats over all its programmes, or as many as are taken when those are more.

    Returns:
        the number of seats that were struck; the plan has a new version when it is not 0.
    """
    quotas = list(
        Quota.objects.select_for_update().filter(programme__plan=plan).order_by("pk")
    )  # fmt: skip
    taken = sum(quota.taken for quota in quotas)
    before = sum(quota.seats for quota in quotas)
    if before <= max(most, taken):
        return 0
    free = {f"{quota.pk:012}": quota.seats - quota.taken for quota in quotas}
    left = shared_out(max(most - taken, 0), free)
    of_programme: dict[int, int] = {}
    for quota in quotas:
        quota.seats = quota.taken + left[f"{quota.pk:012}"]
        of_programme[quota.programme_id] = of_programme.get(quota.programme_id, 0) + quota.seats
    Quota.objects.bulk_update(quotas, ["seats"])
    programmes = [Programme(pk=pk, seats=seats) for pk, seats in of_programme.items()]
    Programme.objects.bulk_update(programmes, ["seats"])
    follow_rounds(sorted(of_programme))
    update_versioned(plan)
    keep_versions([plan.pk])
    return before - sum(of_programme.values())
