"""Plans and their programmes: what a school offers, public once the province publishes. (S23-2.10, R4.01, R4.04)"""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from yangguang.models.base.fields import PublicId, RecordedAt
from yangguang.models.base.scoping import Scope, Scoped
from yangguang.models.base.triggers import append_only, choices, guard_transitions, known_states
from yangguang.models.organisation.units import Unit
from yangguang.models.seasons.seasons import Season
from yangguang.rules.applicants.origins import StudyForm
from yangguang.rules.plans import plan_states
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.plans.quotas import Mode, Tie


@pghistory.track(append_only=True)
class Plan(Scoped):
    """One school's plan for one season."""

    scope = Scope(unit="school", sector="school__sector", public=Q(state=plan_states.PUBLISHED))

    public_id = PublicId()
    school = models.ForeignKey(Unit, models.PROTECT, related_name="plans", verbose_name="学校")
    season = models.ForeignKey(Season, models.PROTECT, related_name="plans", verbose_name="招生季")
    state = models.CharField(
        "状态", max_length=16, choices=choices(plan_states.TRANSITIONS), default=plan_states.DRAFTED
    )
    capacity = models.PositiveIntegerField("办学容量")
    remark = models.CharField("审核意见", max_length=200, blank=True)
    version = models.PositiveIntegerField("版本", default=1)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "招生计划"
        triggers = (guard_transitions(plan_states.TRANSITIONS),)
        constraints = (
            models.UniqueConstraint(fields=("school", "season"), name="plan_once_a_season"),
            known_states(plan_states.TRANSITIONS, "plan_state_known"),
        )

    def __str__(self) -> str:
        return f"{self.school} {self.season}计划"


class Programme(Scoped):
    """A major of a school in one type and study form, with its seats: what a student chooses.

    The fields from `major` to `is_demo` are those of `ProgrammeFields`; docs/add-a-feature.md adds one.
    """

    scope = Scope(unit="plan__school", sector="plan__school__sector", public=Q(plan__state=plan_states.PUBLISHED))

    public_id = PublicId()
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="programmes", verbose_name="招生计划")
    code = models.CharField("计划行代码", max_length=24, unique=True)
    major = models.CharField("专业", max_length=60)
    programme_type = models.CharField("培养类型", max_length=20, choices=ProgrammeType.choices())
    study_form = models.CharField("办学形式", max_length=10, choices=StudyForm.choices())
    years = models.DecimalField("学制（年）", max_digits=3, decimal_places=1)
    seats = models.PositiveIntegerField("计划数（人）")
    fee = models.PositiveIntegerField("学费（元/年）", null=True)
    aptitude_test_max = models.PositiveSmallIntegerField("自主测试最高加分", default=0)
    origins = ArrayField(models.CharField(max_length=30), verbose_name="招收对象", default=list)
    partner = models.CharField("衔接院校", max_length=60, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    class Meta:
        verbose_name = "计划行"
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "major", "programme_type", "study_form"), name="programme_once_in_a_plan"
            ),
        )

    def __str__(self) -> str:
        return self.major


class Quota(models.Model):
    """A share of a programme's seats; the database refuses more `taken` than `seats`."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="quotas", verbose_name="计划行")
    code = models.CharField("名额类别", max_length=20)
    name = models.CharField("名额名称", max_length=20)
    seats = models.PositiveIntegerField("名额")
    taken = models.PositiveIntegerField("已占", default=0)
    mode = models.CharField("名额方式", max_length=10, choices=Mode.choices())
    priority = models.PositiveSmallIntegerField("先后", default=1)
    flows_to = models.CharField("余额转入", max_length=20, blank=True)
    tie = models.CharField("末位同分", max_length=10, choices=Tie.choices())

    class Meta:
        verbose_name = "名额"
        ordering = ("programme", "priority")
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="quota_once_a_programme"),
            models.CheckConstraint(condition=Q(taken__lte=F("seats")), name="quota_never_over"),
        )


class PlanVersion(models.Model):
    """One version of a plan, with its programmes at that time; the versions are its public history. (plan.history)"""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions", verbose_name="招生计划")
    version = models.PositiveIntegerField("版本")
    state = models.CharField("状态", max_length=16, choices=choices(plan_states.TRANSITIONS))
    programmes = models.JSONField("计划行")
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "计划版本"
        constraints = (models.UniqueConstraint(fields=("plan", "version"), name="plan_version_once"),)
        triggers = (append_only(),)
