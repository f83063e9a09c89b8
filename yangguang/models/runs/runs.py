"""Runs of a ranked round: lottery seed, run, progress, placements and cutoffs, all computed. (R3.04)"""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from yangguang.models.accounts.accounts import Account
from yangguang.models.applicants.applications import Application
from yangguang.models.base.fields import PublicId, RecordedAt
from yangguang.models.base.scoping import Every, Scope, Scoped
from yangguang.models.base.triggers import choices, guard_transitions, known_states, untruncated
from yangguang.models.plans.plans import Programme, Quota
from yangguang.models.runs.rounds import Round
from yangguang.rules.runs import run_states


def _keep_checked(kind: str, operation: pgtrigger.Operation, rows: str) -> pgtrigger.Trigger:
    """Refuse to write results of a run that is not being computed: what was verified is what is published."""
    computing = ", ".join(f"'{state}'" for state in run_states.COMPUTING)
    return pgtrigger.Trigger(
        name=f"checked_stays_{kind}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**{rows: "touched"}),
        func=f"""
            IF EXISTS (SELECT FROM (SELECT DISTINCT run_id FROM touched) AS t
                       JOIN yangguang_admissionrun AS r ON r.id = t.run_id WHERE r.state NOT IN ({computing})) THEN
                RAISE EXCEPTION 'results of a checked run never change: %', TG_TABLE_NAME
                USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        """,
    )


CHECKED_STAYS = (
    _keep_checked("new", pgtrigger.Insert, "new"),
    _keep_checked("changed", pgtrigger.Update, "old"),
    _keep_checked("gone", pgtrigger.Delete, "old"),
    untruncated(),
)
"""Triggers of placements and cutoffs."""


class LotterySeed(models.Model):
    """Two officers each give a secret; its hash is public before the window closes, the seed after the run."""

    round = models.OneToOneField(Round, models.PROTECT, related_name="lottery", verbose_name="批次")
    first_by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name="第一人")
    second_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name="第二人")
    first_secret = models.BinaryField("第一人密数", max_length=200)
    second_secret = models.BinaryField("第二人密数", max_length=200, null=True)
    commitment = models.CharField("种子承诺", max_length=64, blank=True)
    committed_at = models.DateTimeField("承诺时间", null=True)
    revealed = models.CharField("公开的种子", max_length=64, blank=True)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "抽签种子"
        constraints = (
            models.CheckConstraint(
                condition=Q(second_by=None) | ~Q(first_by=F("second_by")), name="seed_by_two_people"
            ),
        )


class AdmissionRun(Scoped):
    """One computation on frozen input; every result can be computed again from `snapshot`."""

    scope = Scope(
        public=Q(state=run_states.PUBLISHED),
        every=Every("RoundProgramme", "round", "round_id", "programme__plan__school"),
    )

    public_id = PublicId()
    round = models.ForeignKey(Round, models.PROTECT, related_name="runs", verbose_name="批次")
    number = models.PositiveSmallIntegerField("第几次运算")
    is_what_if = models.BooleanField("试算", default=False)
    state = models.CharField("状态", max_length=12, choices=choices(run_states.TRANSITIONS), default=run_states.DRAFTED)
    snapshot = models.BinaryField("冻结输入", null=True)
    input_hash = models.CharField("输入摘要", max_length=64, blank=True)
    output_hash = models.CharField("结果摘要", max_length=64, blank=True)
    seed_commitment = models.CharField("种子承诺", max_length=64, blank=True)
    program = models.CharField("程序版本", max_length=40, blank=True)
    report = models.JSONField("核验报告", default=dict)
    counts = models.JSONField("数字", default=dict)
    # None for a trial from the server's console.
    started_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name="发起人")
    proposed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name="提请人")
    approved_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name="批准人")
    published_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name="公布人")
    published_at = models.DateTimeField("公布时间", null=True)
    # Only a trial may be of one school.
    school = models.ForeignKey("Unit", models.PROTECT, null=True, related_name="+", verbose_name="试算学校")
    starts_at = models.DateTimeField("预约开始时间", null=True)
    # The instant whose sanctions count; a run that is taken up again keeps it, so that its input stays the same.
    began_at = models.DateTimeField("开始运算时间", null=True)
    publish_at = models.DateTimeField("定时公布时间", null=True)
    compared_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name="核对差异的人")
    compared_with = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name="与哪次运算核对"
    )
    version = models.PositiveIntegerField("版本", default=1)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "录取运算"
        triggers = (guard_transitions(run_states.TRANSITIONS),)
        constraints = (
            known_states(run_states.TRANSITIONS, "run_state_known"),
            models.UniqueConstraint(fields=("round", "number"), name="run_number_once"),
            models.UniqueConstraint(
                fields=("round",), condition=Q(state__in=["DRAFTED", "COMPUTED"]), name="one_computing_run_a_round"
            ),
            models.UniqueConstraint(
                fields=("round",), condition=Q(state="SCHEDULED"), name="one_scheduled_run_a_round"
            ),
            models.UniqueConstraint(
                fields=("round",), condition=Q(state="PUBLISHED"), name="one_published_run_a_round"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")), name="run_two_people"
            ),
            models.CheckConstraint(
                condition=~Q(is_what_if=True, state__in=["PROPOSED", "APPROVED", "TIMED", "PUBLISHED"]),
                name="what_if_never_official",
            ),
            models.CheckConstraint(condition=Q(is_what_if=True) | Q(started_by__isnull=False), name="run_has_starter"),
            models.CheckConstraint(condition=Q(is_what_if=True) | Q(school__isnull=True), name="one_school_is_a_trial"),
            models.CheckConstraint(
                condition=~Q(state="SCHEDULED") | Q(starts_at__isnull=False, is_what_if=False),
                name="scheduled_run_has_instant",
            ),
            models.CheckConstraint(
                condition=~Q(state="TIMED") | Q(publish_at__isnull=False, published_by__isnull=False),
                name="timed_run_has_instant",
            ),
        )


class RunProgress(models.Model):
    """How far the job of a run has come; written outside the phase's transaction, so that it is visible at once.

    The instants are of the machine's clock, not of the season's: they only measure.
    """

    run = models.OneToOneField(AdmissionRun, models.CASCADE, related_name="progress", verbose_name="录取运算")
    persons = models.PositiveIntegerField("人数", default=0)
    programmes = models.PositiveIntegerField("计划行数", default=0)
    phase = models.CharField("阶段", max_length=16, blank=True)
    done = models.PositiveIntegerField("已完成", default=0)
    total = models.PositiveIntegerField("共", default=0)
    tries = models.PositiveSmallIntegerField("第几次接手", default=0)
    began_at = models.DateTimeField("开始时间", null=True)
    beat_at = models.DateTimeField("最近动静", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = "运算进度"


class Placement(Scoped):
    """What a run computed for one applicant, with a reason for every choice; arrays run along the choices.

    A run stores its rows by COPY from row ids that were just read, and the verifier joins every row to its
    application, programme and quota again, so foreign keys are not checked a third time. (docs/decisions/0023)
    """

    scope = Scope(person="application__person")

    run = models.ForeignKey(
        AdmissionRun,
        models.CASCADE,
        related_name="placements",
        db_constraint=False,
        db_index=False,
        verbose_name="录取运算",
    )
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="placements", db_constraint=False, verbose_name="报名"
    )
    rank = models.PositiveSmallIntegerField("投档志愿序", null=True)
    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, db_constraint=False, db_index=False, verbose_name="计划行"
    )
    quota = models.ForeignKey(
        Quota, models.PROTECT, null=True, db_constraint=False, db_index=False, verbose_name="名额"
    )
    programmes = ArrayField(models.BigIntegerField(), verbose_name="志愿（按顺序）")
    codes = ArrayField(models.CharField(max_length=24), verbose_name="理由代码")
    places = ArrayField(models.IntegerField(null=True), verbose_name="本人位次")

    class Meta:
        verbose_name = "投档结果"
        constraints = (models.UniqueConstraint(fields=("run", "application"), name="placed_once_a_run"),)
        # Finds the applicants who chose a programme, for its ranking and for the school's desk.
        indexes = (GinIndex(fields=("programmes",), name="placement_programmes"),)
        triggers = CHECKED_STAYS


class Cutoff(models.Model):
    """The last admitted place and score of a quota in a run; public disclosure and reasons quote it."""

    run = models.ForeignKey(
        AdmissionRun, models.CASCADE, related_name="cutoffs", db_index=False, verbose_name="录取运算"
    )
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="cutoffs", verbose_name="计划行")
    quota = models.ForeignKey(Quota, models.PROTECT, verbose_name="名额")
    seats = models.PositiveIntegerField("名额")
    applicants = models.PositiveIntegerField("报考人数")
    admitted = models.PositiveIntegerField("录取人数")
    last_place = models.PositiveIntegerField("末位位次", null=True)
    last_score = ArrayField(models.IntegerField(), verbose_name="末位成绩", default=list)

    class Meta:
        verbose_name = "录取线"
        constraints = (models.UniqueConstraint(fields=("run", "quota"), name="one_cutoff_a_quota"),)
        triggers = CHECKED_STAYS
