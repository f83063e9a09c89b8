"""Proposals: acts that take two people, proposed by one and waiting for another. (F-I6)"""

from django.db import models
from django.db.models import F, Q

from yangguang.models.accounts.accounts import Account
from yangguang.models.base.fields import PublicId, RecordedAt
from yangguang.models.base.scoping import Scope, Scoped
from yangguang.models.organisation.units import Unit


class Proposal(Scoped):
    """One act with its exact content, proposed by one person and done by another."""

    scope = Scope(unit="unit")

    public_id = PublicId()
    action = models.CharField("动作", max_length=60)
    content = models.BinaryField("内容摘要", max_length=32)
    label = models.CharField("内容", max_length=300)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, verbose_name="单位")
    proposed_by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name="提请人")
    proposed_at = RecordedAt()
    approved_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name="批准人")
    done_at = models.DateTimeField("办理时间", null=True)

    class Meta:
        verbose_name = "双人事项"
        constraints = (
            models.UniqueConstraint(fields=("action", "content"), condition=Q(done_at=None), name="proposal_open_once"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")), name="proposal_two_people"
            ),
        )
