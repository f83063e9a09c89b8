"""Admissions (the official facts) and results imported from the exam board. (R3.09, R6.01)"""

from django.db import models
from django.db.models import Q

from yangguang.models.applicants.applications import Application
from yangguang.models.applicants.persons import Person
from yangguang.models.base.fields import BlindIndexField, PublicId, RecordedAt
from yangguang.models.base.scoping import Scope, Scoped
from yangguang.models.base.triggers import choices, freeze, guard_transitions, known_states, require_match
from yangguang.models.plans.plans import Programme, Quota
from yangguang.models.runs.rounds import Round
from yangguang.models.runs.runs import AdmissionRun
from yangguang.rules.admissions import admission_states

_DISAGREEMENTS = """
    LEFT JOIN yangguang_application AS a ON a.id = f.application_id AND a.person_id = f.person_id
    LEFT JOIN yangguang_quota AS b ON b.id = f.quota_id AND b.programme_id = f.programme_id
    LEFT JOIN yangguang_roundprogramme AS o ON o.programme_id = b.programme_id AND o.round_id = f.round_id
    LEFT JOIN yangguang_programme AS l ON l.id = o.programme_id
    LEFT JOIN yangguang_plan AS p ON p.id = l.plan_id AND p.school_id = f.school_id
    LEFT JOIN yangguang_admissionrun AS r ON r.id = f.run_id AND r.round_id = f.round_id
    WHERE a.id IS NULL OR p.id IS NULL OR (r.id IS NULL AND f.run_id IS NOT NULL)
"""


class Admission(Scoped):
    """The official admission of one person; publication, answer, check-in and end are columns.

    Application, person, school, round, run, programme and quota must agree and never change. One statement-level
    trigger checks that, instead of a foreign key on each column. (docs/decisions/0023)
    """

    class Cause(models.TextChoices):
        STUDENT = "STUDENT", "学生"
        SCHOOL = "SCHOOL", "学校"
        BUREAU = "BUREAU", "主管部门"
        SYSTEM = "SYSTEM", "系统按规则"

    scope = Scope(person="person", unit="school", sector="school__sector", others=(("home", "application__home"),))

    public_id = PublicId()
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="admissions", db_constraint=False, verbose_name="报名"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="admissions", db_constraint=False, verbose_name="学生"
    )
    school = models.ForeignKey(
        "Unit", models.PROTECT, related_name="admissions", db_constraint=False, db_index=False, verbose_name="学校"
    )
    round = models.ForeignKey(
        Round, models.PROTECT, related_name="admissions", db_constraint=False, verbose_name="批次"
    )
    run = models.ForeignKey(
        AdmissionRun, models.PROTECT, null=True, db_constraint=False, db_index=False, verbose_name="录取运算"
    )
    imported = models.ForeignKey(
        "ImportedResult", models.PROTECT, null=True, db_index=False, verbose_name="已定录取结果"
    )
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="admissions", db_constraint=False, verbose_name="计划行"
    )
    quota = models.ForeignKey(
        Quota, models.PROTECT, related_name="admissions", db_constraint=False, db_index=False, verbose_name="名额"
    )
    rank = models.PositiveSmallIntegerField("录取志愿序", null=True)
    state = models.CharField(
        "状态", max_length=12, choices=choices(admission_states.TRANSITIONS), default=admission_states.OFFERED
    )
    published_at = models.DateTimeField("公布时间")
    answer_by = models.DateTimeField("应答截止", null=True)
    answered_at = models.DateTimeField("应答时间", null=True)
    checked_in_at = models.DateTimeField("报到时间", null=True)
    ended_at = models.DateTimeField("终止时间", null=True)
    cause = models.CharField("由谁造成", max_length=10, choices=Cause.choices, default=Cause.SYSTEM)
    reason = models.CharField("原因", max_length=120, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = "录取"
        triggers = (
            guard_transitions(admission_states.TRANSITIONS),
            require_match(_DISAGREEMENTS, "an admission must say what its application, quota, round and run say"),
            freeze("application_id", "person_id", "school_id", "round_id", "run_id", "programme_id", "quota_id"),
        )
        constraints = (
            known_states(admission_states.TRANSITIONS, "admission_state_known"),
            models.UniqueConstraint(
                fields=("application", "round"),
                condition=Q(state__in=admission_states.LIVE),
                name="one_live_admission_a_round",
            ),
            models.CheckConstraint(
                condition=~Q(state="CHECKED_IN") | Q(checked_in_at__isnull=False), name="check_in_has_instant"
            ),
        )
        indexes = (
            models.Index(fields=("school", "state"), name="admission_school_state"),
            models.Index(fields=("imported",), condition=Q(imported__isnull=False), name="admission_of_imported"),
        )


class ImportedResult(models.Model):
    """One row of the exam board's file: decided elsewhere, notified and recorded here."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="imported", verbose_name="批次")
    file_digest = models.CharField("文件摘要", max_length=64)
    row = models.PositiveIntegerField("行号")
    id_hash = BlindIndexField("证件索引")
    name = models.CharField("姓名", max_length=40)
    # None when no programme of the round matches the row; `conflict` gives the reason.
    programme = models.ForeignKey(Programme, models.PROTECT, null=True, verbose_name="计划行")
    conflict = models.CharField("冲突", max_length=500, blank=True)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "已定录取结果"
        constraints = (models.UniqueConstraint(fields=("round", "id_hash"), name="imported_once_a_round"),)
