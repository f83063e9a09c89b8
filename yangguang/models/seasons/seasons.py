"""Seasons, windows and rule rows: every date and number of policy, with its source. (R2.01, R2.07, F-H1)"""

import pghistory
from django.db import models
from django.db.models import F, Q

from yangguang.models.base.fields import PublicId, RecordedAt
from yangguang.models.base.scoping import Scope, Scoped
from yangguang.rules.seasons.windows import WindowKind


class Season(Scoped):
    """An intake year's spring or autumn."""

    class Term(models.TextChoices):
        SPRING = "SPRING", "春季"
        AUTUMN = "AUTUMN", "秋季"

    scope = Scope(public=Q())

    public_id = PublicId()
    year = models.PositiveSmallIntegerField("招生年度")
    term = models.CharField("季次", max_length=10, choices=Term.choices)
    is_practice = models.BooleanField("演练", default=False)
    source = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        verbose_name = "招生季"
        ordering = ("-year", "term")
        constraints = (models.UniqueConstraint(fields=("year", "term"), name="season_once"),)

    def __str__(self) -> str:
        return f"{self.year}年{self.get_term_display()}招生"


@pghistory.track(append_only=True)
class Window(Scoped):
    """When something may be done: [opens_at, closes_at). A missing end means 待定 and keeps the window closed."""

    scope = Scope(public=Q())

    public_id = PublicId()
    season = models.ForeignKey(Season, models.PROTECT, related_name="windows", verbose_name="招生季")
    round = models.ForeignKey("Round", models.PROTECT, null=True, related_name="windows", verbose_name="批次")
    kind = models.CharField("事项", max_length=20, choices=WindowKind.choices())
    opens_at = models.DateTimeField("开始", null=True)
    closes_at = models.DateTimeField("截止", null=True)
    source = models.CharField("依据", max_length=200, blank=True)
    version = models.PositiveIntegerField("版本", default=1)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "开放时间"
        ordering = ("opens_at",)
        constraints = (
            models.UniqueConstraint(fields=("season", "round", "kind"), name="window_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="window_closes_after_opening"),
        )


class WindowException(models.Model):
    """A later end of a window for one person, approved by two people; the window itself does not change."""

    window = models.ForeignKey(Window, models.PROTECT, related_name="exceptions", verbose_name="开放时间")
    person = models.ForeignKey("Person", models.PROTECT, verbose_name="学生")
    until = models.DateTimeField("延至")
    reason = models.CharField("事由", max_length=200)
    proposed_by = models.ForeignKey("Account", models.PROTECT, related_name="+", verbose_name="提出人")
    approved_by = models.ForeignKey("Account", models.PROTECT, related_name="+", verbose_name="批准人")
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "个别延期"
        constraints = (models.CheckConstraint(condition=~Q(proposed_by=F("approved_by")), name="exception_two_people"),)


class PolicyRule(Scoped):
    """One number or choice of policy, valid for a time, with the clause it comes from."""

    scope = Scope(public=Q())

    key = models.CharField("规则", max_length=60)
    value = models.JSONField("取值")
    applies_to = models.CharField("适用范围", max_length=200, blank=True)
    valid_from = models.DateField("起用日期")
    valid_to = models.DateField("停用日期", null=True)
    source = models.CharField("来源文件", max_length=200)
    clause = models.CharField("条款", max_length=100, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    class Meta:
        verbose_name = "政策规则行"
        constraints = (
            models.UniqueConstraint(fields=("key", "applies_to", "valid_from"), name="rule_once_from_a_day"),
        )


class PracticeClock(models.Model):
    """The shift of the clock in a practice season; production does not start with one."""

    only = models.BooleanField("唯一", primary_key=True, default=True)
    shift = models.DurationField("时钟偏移")

    class Meta:
        verbose_name = "演练时钟"
        constraints = (models.CheckConstraint(condition=Q(only=True), name="one_practice_clock"),)
