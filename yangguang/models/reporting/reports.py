"""Monthly forms: computed from persons, sealed as a snapshot with a hash. (S23-5.05, S24-5.07, R9.06)"""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from yangguang.models.accounts.accounts import Account
from yangguang.models.base.fields import PublicId, RecordedAt
from yangguang.models.base.scoping import Scope, Scoped
from yangguang.models.base.triggers import append_only, choices, guard_transitions, known_states
from yangguang.models.organisation.units import Unit
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.reporting import report_states

# A sealed form may only be marked as sent, returned and received; one that was returned is computed again. (T3.16)
_DELIVERY = "'{state,version,sent_at,received_at,received_by_id}'::text[]"
SEALED_STAYS = pgtrigger.Trigger(
    name="sealed_stays",
    when=pgtrigger.Before,
    operation=pgtrigger.Update | pgtrigger.Delete,
    condition=pgtrigger.Condition(f"OLD.state IN {render_states(report_states.FINAL)}"),
    func=f"""
        IF TG_OP = 'DELETE' OR
           (to_jsonb(OLD) - {_DELIVERY}) IS DISTINCT FROM (to_jsonb(NEW) - {_DELIVERY}) THEN
            RAISE EXCEPTION 'a sealed report stays as it is' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    """,
)


@pghistory.track(append_only=True)
class MonthlyReport(Scoped):
    """One form of one unit for one month."""

    class Form(models.TextChoices):
        CITY = "CITY", "中等职业教育县市（学校）招生情况统计表"
        PROVINCE = "PROVINCE", "中等职业教育学校招生情况表"

    scope = Scope(unit="unit", sector="sector")

    public_id = PublicId()
    form = models.CharField("表式", max_length=10, choices=Form.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="reports", verbose_name="填报单位")
    sector = models.CharField("主管线", max_length=10, choices=Sector.choices(), blank=True)
    year = models.PositiveSmallIntegerField("年度")
    month = models.PositiveSmallIntegerField("月份")
    counted_to = models.DateTimeField("统计截止")
    # The form as it was in force when the numbers were computed (`rules.reporting.forms.FormShape`), and its notice.
    shape = models.JSONField("表样")
    shape_source = models.CharField("表样依据", max_length=310)
    rows = models.JSONField("表内数字")
    # Changes in months already sealed: printed as a separate line; the sealed report does not change.
    correction = models.JSONField("更正行", null=True)
    digest = models.CharField("封存摘要", max_length=64, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=choices(report_states.TRANSITIONS), default=report_states.COMPUTED
    )
    reviewed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name="复核人")
    sealed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name="封存人")
    sealed_at = models.DateTimeField("封存时间", null=True)
    sent_at = models.DateTimeField("报送时间", null=True)
    received_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name="签收人")
    received_at = models.DateTimeField("签收时间", null=True)
    version = models.PositiveIntegerField("版本", default=1)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "月报"
        triggers = (guard_transitions(report_states.TRANSITIONS), SEALED_STAYS)
        constraints = (
            known_states(report_states.TRANSITIONS, "report_state_known"),
            models.UniqueConstraint(fields=("form", "unit", "sector", "year", "month"), name="one_report_a_month"),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="report_month_is_real"),
            models.CheckConstraint(
                condition=~Q(state__in=report_states.FINAL) | ~Q(digest=""), name="sealed_has_digest"
            ),
        )


class ReportStep(models.Model):
    """One step of a form: who did it, at which unit, and what the form said then; a return adds a second round."""

    report = models.ForeignKey(MonthlyReport, models.PROTECT, related_name="steps", verbose_name="月报")
    step = models.CharField("步骤", max_length=20)
    by_account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name="经办人")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="经办单位")
    total = models.PositiveIntegerField("招生总数")
    digest = models.CharField("封存摘要", max_length=64, blank=True)
    reason = models.CharField("退回原因", max_length=200, blank=True)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "月报步骤"
        triggers = (append_only(),)

    @property
    def label(self) -> str:
        """The step in Chinese."""
        return next(move.label for move in report_states.TRANSITIONS.table if move.name == self.step)


class TechnicianCount(Scoped):
    """The students of technician schools of one unit and month, as its labour bureau handed the number over.

    A later row of the same unit and month replaces the number in forms that are computed after it.
    """

    scope = Scope(unit="unit")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="移交单位")
    year = models.PositiveSmallIntegerField("年度")
    month = models.PositiveSmallIntegerField("月份")
    number = models.PositiveIntegerField("技工学校招生数")
    counted = models.PositiveIntegerField("其中任务口径人数")
    counted_to = models.DateTimeField("统计截止")
    by_account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name="移交人")
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "技工学校招生数移交"
        triggers = (append_only(),)
        constraints = (
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="technician_month_is_real"),
        )
        indexes = (models.Index(fields=("unit", "year", "month", "-id"), name="technician_newest"),)
