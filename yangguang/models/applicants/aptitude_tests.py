"""Points of a school's aptitude test for a programme, loaded by two people before the run. (R3.10)"""

import pghistory
import pgtrigger
from django.db import models

from yangguang.models.accounts.accounts import Account
from yangguang.models.applicants.applications import Application
from yangguang.models.base.fields import PublicId, RecordedAt
from yangguang.models.base.scoping import Scope, Scoped
from yangguang.models.plans.plans import Programme

_WITHIN = pgtrigger.Trigger(
    name="within_the_plan",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("points"),
    func="""
        IF NEW.points > (SELECT aptitude_test_max FROM yangguang_programme WHERE id = NEW.programme_id) THEN
            RAISE EXCEPTION 'aptitude test: % points are more than the programme allows', NEW.points
            USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)


@pghistory.track(append_only=True)
class AptitudeTestResult(Scoped):
    """Points of one applicant in the aptitude test of one programme, added to the total at that programme only."""

    scope = Scope(
        person="application__person", unit="programme__plan__school", sector="programme__plan__school__sector"
    )

    public_id = PublicId()
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="aptitude_tests", db_index=False, verbose_name="报名"
    )
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="aptitude_tests", verbose_name="计划行")
    points = models.PositiveSmallIntegerField("加分")
    file_digest = models.CharField("文件摘要", max_length=64)
    loaded_by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name="办理人")
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "自主测试加分"
        triggers = (_WITHIN,)
        constraints = (
            models.UniqueConstraint(fields=("application", "programme"), name="aptitude_test_once_a_programme"),
        )
