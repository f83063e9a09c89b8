"""Proposals: acts that take two people, proposed by one and waiting for another. (F-I6)"""

from django.db import models
from django.db.models import F, Q

from yangguang.models.accounts.accounts import Account
from yangguang.models.base.fields import PublicId, RecordedAt
from yangguang.models.base.scoping import Scope, Scoped
from yangguang.models.organisation.units import Unit

OPEN = Q(done_at=None, ended_at=None)
"""Proposals that wait for a second person."""


class Proposal(Scoped):
    """One act with its exact content: proposed by one person, then done by another, withdrawn or overtaken.

    `subject` is the digest of what the act replaces, null when it replaces nothing; `version` is the version of it
    that the first person's page displayed, "" where there is none.
    """

    scope = Scope(unit="unit")

    public_id = PublicId()
    action = models.CharField("动作", max_length=60)
    content = models.BinaryField("内容摘要", max_length=32)
    subject = models.BinaryField("事项对象摘要", max_length=32, null=True)
    version = models.CharField("提请时的版本", max_length=40, default="")
    label = models.CharField("内容", max_length=300)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, verbose_name="单位")
    proposed_by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name="提请人")
    proposed_at = RecordedAt()
    approved_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name="批准人")
    done_at = models.DateTimeField("办理时间", null=True)
    ended_at = models.DateTimeField("失效时间", null=True)
    end_reason = models.CharField("失效原因", max_length=200, default="")

    class Meta:
        verbose_name = "双人事项"
        constraints = (
            models.UniqueConstraint(fields=("action", "content"), condition=OPEN, name="proposal_open_once"),
            models.CheckConstraint(condition=Q(done_at=None) | Q(ended_at=None), name="proposal_ends_once"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")), name="proposal_two_people"
            ),
        )
