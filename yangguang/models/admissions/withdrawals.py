"""Withdrawal requests (退录) of students and the school's comment on them. (R6.05, F-N5)"""

from django.db import models
from django.db.models import Q

from yangguang.models.accounts.accounts import Account
from yangguang.models.admissions.admissions import Admission
from yangguang.models.base.fields import PublicId
from yangguang.models.base.scoping import Scope, Scoped
from yangguang.models.base.triggers import choices, guard_transitions, known_states
from yangguang.rules.admissions import withdrawal_states
from yangguang.rules.admissions.withdrawals import WithdrawalReason


class Withdrawal(Scoped):
    """One student's request to give up an admission, with the school's comment if there is one."""

    scope = Scope(person="admission__person", unit="admission__school", sector="admission__school__sector")

    public_id = PublicId()
    admission = models.ForeignKey(Admission, models.PROTECT, related_name="withdrawals", verbose_name="录取")
    reason = models.CharField("退录原因", max_length=24, choices=WithdrawalReason.choices())
    note = models.CharField("补充说明", max_length=200, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=choices(withdrawal_states.TRANSITIONS), default=withdrawal_states.REQUESTED
    )
    requested_at = models.DateTimeField("申请时间")
    # Without a value while the working days up to it are not published: the request then runs on.
    due_at = models.DateTimeField("生效时间", null=True)
    comment = models.CharField("学校意见", max_length=200, blank=True)
    commented_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name="提出意见的人")
    commented_at = models.DateTimeField("提出意见的时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = "退录申请"
        triggers = (guard_transitions(withdrawal_states.TRANSITIONS),)
        constraints = (
            known_states(withdrawal_states.TRANSITIONS, "withdrawal_state_known"),
            models.UniqueConstraint(
                fields=("admission",), condition=Q(state__in=withdrawal_states.RUNNING), name="one_withdrawal_running"
            ),
            models.CheckConstraint(
                condition=Q(state__in=withdrawal_states.RUNNING) ^ Q(ended_at__isnull=False),
                name="withdrawal_runs_or_ended",
            ),
        )
        indexes = (
            models.Index(fields=("due_at",), condition=Q(state__in=withdrawal_states.RUNNING), name="withdrawals_due"),
        )
