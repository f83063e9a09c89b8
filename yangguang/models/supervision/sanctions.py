"""Kinds of violations with their sources, and sanctions whose effects are computed. (S24-4.05, R10.01, R10.02)"""

import pghistory
from django.db import models
from django.db.models import Q

from yangguang.models.base.fields import PublicId, RecordedAt
from yangguang.models.base.scoping import Scope, Scoped
from yangguang.models.base.triggers import choices, guard_transitions, known_states
from yangguang.models.organisation.units import Unit
from yangguang.rules.supervision import sanction_states
from yangguang.rules.supervision.sanctions import Measure


class ViolationKind(Scoped):
    """One 严禁 (or 不得) word for word, with its notice and clause."""

    scope = Scope(public=Q())

    year = models.PositiveSmallIntegerField("年度")
    position = models.PositiveSmallIntegerField("序号")
    text = models.CharField("条文", max_length=200)
    source = models.CharField("来源文件", max_length=200)
    clause = models.CharField("条款", max_length=100)

    class Meta:
        verbose_name = "违规情形"
        ordering = ("-year", "position")
        constraints = (models.UniqueConstraint(fields=("year", "position"), name="violation_once"),)


@pghistory.track(append_only=True)
class Sanction(Scoped):
    """A measure against a school, proposed by one officer and decided by another, or withdrawn before that."""

    scope = Scope(unit="unit", sector="unit__sector", public=Q(decided_at__isnull=False))

    public_id = PublicId()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="sanctions", verbose_name="学校")
    kind = models.CharField("处理措施", max_length=10, choices=Measure.choices())
    violation = models.ForeignKey(ViolationKind, models.PROTECT, verbose_name="违规情形")
    sentence = models.CharField("公示内容", max_length=200)
    cap = models.PositiveIntegerField("上限人数", null=True)
    starts_at = models.DateTimeField("起始")
    ends_at = models.DateTimeField("终止", null=True)
    state = models.CharField(
        "状态", max_length=10, choices=choices(sanction_states.TRANSITIONS), default=sanction_states.PROPOSED
    )
    proposed_by = models.ForeignKey("Account", models.PROTECT, related_name="+", verbose_name="提出人")
    decided_by = models.ForeignKey("Account", models.PROTECT, null=True, related_name="+", verbose_name="批准人")
    decided_at = models.DateTimeField("批准时间", null=True)
    # When its effects at the start (reduced plan, messages, time to choose again) were carried out.
    carried_out_at = models.DateTimeField("执行时间", null=True)
    version = models.PositiveIntegerField("版本", default=1)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "处理措施"
        triggers = (guard_transitions(sanction_states.TRANSITIONS),)
        constraints = (
            known_states(sanction_states.TRANSITIONS, "sanction_state_known"),
            models.CheckConstraint(
                condition=Q(state=sanction_states.DECIDED, decided_at__isnull=False)
                | ~Q(state=sanction_states.DECIDED) & Q(decided_at=None),
                name="sanction_decided_at",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("proposed_by")), name="sanction_two_people"
            ),
        )
