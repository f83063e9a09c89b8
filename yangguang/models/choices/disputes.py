"""志愿异议: in the review period a family disputes a version of its choices; two officers decide. (F-N2)"""

import pghistory
from django.db import models
from django.db.models import F, Q

from yangguang.models.accounts.accounts import Account
from yangguang.models.applicants.applications import Application
from yangguang.models.base.fields import PublicId, RecordedAt
from yangguang.models.base.scoping import Scope, Scoped
from yangguang.models.base.triggers import choices, guard_transitions, known_states
from yangguang.models.choices.choice_versions import ChoiceVersion
from yangguang.models.runs.rounds import Round
from yangguang.rules.choices import dispute_states


@pghistory.track(append_only=True)
class ChoiceDispute(Scoped):
    """One "不是我改的"; `back_to` is the earlier version the family calls its own, or None."""

    scope = Scope(person="application__person", unit="application__home")

    public_id = PublicId()
    application = models.ForeignKey(Application, models.PROTECT, related_name="disputes", verbose_name="报名")
    round = models.ForeignKey(Round, models.PROTECT, related_name="disputes", verbose_name="批次")
    disputed = models.ForeignKey(ChoiceVersion, models.PROTECT, related_name="disputes", verbose_name="有异议的版本")
    back_to = models.ForeignKey(ChoiceVersion, models.PROTECT, null=True, related_name="+", verbose_name="指认的版本")
    note = models.CharField("说明", max_length=200, blank=True)
    by_account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name="提出账号")
    state = models.CharField(
        "状态", max_length=10, choices=choices(dispute_states.TRANSITIONS), default=dispute_states.OPEN
    )
    verdict = models.CharField("核查意见", max_length=10, choices=dispute_states.Verdict.choices(), blank=True)
    reason = models.CharField("理由", max_length=200, blank=True)
    proposed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name="核查人")
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name="批准人")
    decided_at = models.DateTimeField("批准时间", null=True)
    version = models.PositiveIntegerField("版本", default=1)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "志愿异议"
        triggers = (guard_transitions(dispute_states.TRANSITIONS),)
        constraints = (
            known_states(dispute_states.TRANSITIONS, "dispute_state_known"),
            models.UniqueConstraint(
                fields=("application", "round"), condition=Q(state__in=dispute_states.WAITING), name="one_dispute_waits"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")), name="dispute_two_people"
            ),
        )
