"""Points of a school's own test for a plan line, loaded by two people before the run looks at them. (D2)"""

import pghistory
import pgtrigger
from django.db import models

from yangguang.models.accounts.accounts import Account
from yangguang.models.applicants.applications import Application
from yangguang.models.base.fields import PublicId, RecordedAt
from yangguang.models.base.scoping import Scope, Scoped
from yangguang.models.plans.plans import PlanLine

_WITHIN = pgtrigger.Trigger(
    name="within_the_plan",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("points"),
    func="""
        IF NEW.points > (SELECT own_test_max FROM yangguang_planline WHERE id = NEW.plan_line_id) THEN
            RAISE EXCEPTION 'own test: % points are more than the plan line allows', NEW.points
            USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)


@pghistory.track(append_only=True)
class OwnTestResult(Scoped):
    """What one applicant got in the own test of one line; added to the total there and nowhere else."""

    scope = Scope(
        person="application__person", unit="plan_line__plan__school", line="plan_line__plan__school__line"
    )

    public_id = PublicId()
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="own_tests", db_index=False, verbose_name="报名"
    )
    plan_line = models.ForeignKey(PlanLine, models.PROTECT, related_name="own_tests", verbose_name="计划行")
    points = models.PositiveSmallIntegerField("加分")
    file_digest = models.CharField("文件摘要", max_length=64)
    loaded_by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name="办理人")
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "自主测试加分"
        triggers = (_WITHIN,)
        constraints = (
            models.UniqueConstraint(fields=("application", "plan_line"), name="own_test_once_a_line"),
        )
