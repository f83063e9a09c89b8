"""Requests of schools to change the seats of a published programme, with the answer. (R4.01, F-C2)"""

from django.db import models
from django.db.models import Q

from yangguang.models.accounts.accounts import Account
from yangguang.models.base.fields import PublicId, RecordedAt
from yangguang.models.base.scoping import Scope, Scoped
from yangguang.models.base.triggers import choices, guard_transitions, known_states
from yangguang.models.organisation.units import Unit
from yangguang.models.plans.plans import Programme
from yangguang.rules.plans import plan_change_states
from yangguang.rules.plans.plan_change_states import REQUESTED


class PlanChange(Scoped):
    """One request: the wanted seats by code of the quota, why, and what the bureau answered."""

    scope = Scope(unit="programme__plan__school", sector="programme__plan__school__sector")

    public_id = PublicId()
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="changes", verbose_name="计划行")
    seats = models.JSONField("申请的名额")
    reason = models.CharField("申请理由", max_length=200)
    state = models.CharField("状态", max_length=12, choices=choices(plan_change_states.TRANSITIONS), default=REQUESTED)
    requested_by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name="申请人")
    answer = models.CharField("答复", max_length=200, blank=True)
    answered_by = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="答复单位")
    answered_at = models.DateTimeField("答复时间", null=True)
    version = models.PositiveIntegerField("版本", default=1)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "计划调整申请"
        ordering = ("-recorded_at", "-pk")
        triggers = (guard_transitions(plan_change_states.TRANSITIONS),)
        constraints = (
            known_states(plan_change_states.TRANSITIONS, "plan_change_state_known"),
            models.UniqueConstraint(fields=("programme",), condition=Q(state=REQUESTED), name="one_plan_change_waits"),
            models.CheckConstraint(
                condition=Q(state=REQUESTED) ^ Q(answered_at__isnull=False), name="plan_change_waits_or_answered"
            ),
        )
