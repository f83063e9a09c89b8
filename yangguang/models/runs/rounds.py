"""Rounds: their terms, and the programmes that take part. (S24-2.05, R3.01, R3.02)"""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yangguang.models.base.fields import PublicId, RecordedAt
from yangguang.models.base.scoping import Every, Scope, Scoped
from yangguang.models.plans.plans import Programme
from yangguang.models.seasons.seasons import Season
from yangguang.rules.runs.rounds import RoundKind, Silence
from yangguang.rules.seasons.policy_keys import compare_all


@pghistory.track(append_only=True)
class Round(Scoped):
    """One 批次: who may join with which choices, how ties break, what silence means."""

    # A round is public; only a bureau that governs all of its schools acts on it.
    scope = Scope(public=Q(), every=Every("RoundProgramme", "round", "pk", "programme__plan__school"))

    public_id = PublicId()
    season = models.ForeignKey(Season, models.PROTECT, related_name="rounds", verbose_name="招生季")
    number = models.PositiveSmallIntegerField("序号")
    name = models.CharField("批次名称", max_length=40)
    kind = models.CharField("录取方式", max_length=24, choices=RoundKind.choices())
    max_choices = models.PositiveSmallIntegerField("志愿数上限", default=6)
    max_majors_per_school = models.PositiveSmallIntegerField("每校专业数上限", default=2)
    origins = ArrayField(models.CharField(max_length=30), verbose_name="可参加的生源类别", default=list)
    programme_types = ArrayField(models.CharField(max_length=20), verbose_name="培养类型", default=list)
    tie_order = ArrayField(models.CharField(max_length=20), verbose_name="成绩比较次序", default=compare_all)
    silence = models.CharField("逾期未应答", max_length=10, choices=Silence.choices(), default=Silence.HOLD)
    keeps_waiting_list = models.BooleanField("设候补", default=False)
    opened_at = models.DateTimeField("定计划时刻", null=True)
    version = models.PositiveIntegerField("版本", default=1)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "批次"
        ordering = ("season", "number")
        constraints = (
            models.UniqueConstraint(fields=("season", "number"), name="round_number_once"),
            # Without a subject all applicants would be tied.
            models.CheckConstraint(condition=Q(tie_order__len__gt=0), name="round_compares_scores"),
        )

    def __str__(self) -> str:
        return self.name


class RoundProgramme(models.Model):
    """A programme that takes part in a round, with the seats it had left at the cut instant."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="programmes", verbose_name="批次")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="rounds", verbose_name="计划行")
    seats = models.PositiveIntegerField("本批次名额")
    # Separate, because what is public leaves them out: the rest would show how many such pupils a programme has.
    dedicated = models.PositiveIntegerField("其中专门编班", db_default=0)
    # Withheld by the verifier: the seats wait for the next round by rank that publishes the programme.
    withheld = models.BooleanField("正在复核", db_default=False)

    class Meta:
        verbose_name = "批次计划行"
        constraints = (
            models.UniqueConstraint(fields=("round", "programme"), name="programme_once_a_round"),
            models.CheckConstraint(condition=models.Q(dedicated__lte=models.F("seats")), name="dedicated_within"),
        )
