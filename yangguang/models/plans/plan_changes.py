"""A school's request to change the seats of a published programme; two officers of its bureau decide. (R1.03, F-C2)"""

from django.db import models
from django.db.models import Q

from yangguang.models.accounts.accounts import Account
from yangguang.models.base.fields import PublicId, RecordedAt
from yangguang.models.base.scoping import Scope, Scoped
from yangguang.models.plans.plans import Programme


class PlanChange(Scoped):
    """One request; it is open until it is carried out, or declined with a reason."""

    scope = Scope(unit="programme__plan__school", sector="programme__plan__school__sector")

    public_id = PublicId()
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="changes", verbose_name="计划行")
    # Quota code → seats.
    seats = models.JSONField("名额")
    reason = models.CharField("调整理由", max_length=200)
    asked_by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name="提出人")
    decided_at = models.DateTimeField("办理时间", null=True)
    declined_for = models.CharField("不同意的理由", max_length=200, blank=True)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "计划调整申请"
        constraints = (
            models.UniqueConstraint(fields=("programme",), condition=Q(decided_at=None), name="plan_change_one_open"),
            models.CheckConstraint(
                condition=Q(declined_for="") | Q(decided_at__isnull=False), name="plan_change_declined_is_decided"
            ),
        )
