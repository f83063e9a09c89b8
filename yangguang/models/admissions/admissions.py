"""Runs, placements (computed), admissions (official), imported results and the lottery seed. (R3.04, R6.01)"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from yangguang.models.accounts.accounts import Account
from yangguang.models.applicants.applications import Application
from yangguang.models.applicants.persons import Person
from yangguang.models.base.fields import BlindIndexField, PublicId, RecordedAt
from yangguang.models.base.scoping import Every, Scope, Scoped
from yangguang.models.base.triggers import agrees, choices, fixed, guarded, known_states
from yangguang.models.plans.plans import Programme, Quota
from yangguang.models.runs.rounds import Round
from yangguang.rules.admissions import admission_states
from yangguang.rules.runs import run_states


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
    """One computation on frozen input. Everything it says can be computed again from `snapshot`."""

    scope = Scope(
        public=Q(state=run_states.PUBLISHED),
        every=Every("RoundProgramme", "round", "round_id", "programme__plan__school"),
    )

    public_id = PublicId()
    round = models.ForeignKey(Round, models.PROTECT, related_name="runs", verbose_name="批次")
    number = models.PositiveSmallIntegerField("第几次运算")
    is_what_if = models.BooleanField("试算", default=False)
    state = models.CharField(
        "状态", max_length=12, choices=choices(run_states.TRANSITIONS), default=run_states.DRAFTED
    )
    snapshot = models.BinaryField("冻结输入", null=True)
    input_hash = models.CharField("输入摘要", max_length=64, blank=True)
    output_hash = models.CharField("结果摘要", max_length=64, blank=True)
    seed_commitment = models.CharField("种子承诺", max_length=64, blank=True)
    program = models.CharField("程序版本", max_length=40, blank=True)
    report = models.JSONField("核验报告", default=dict)
    counts = models.JSONField("数字", default=dict)
    # None for a trial from the server's console.
    started_by = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name="发起人"
    )
    proposed_by = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name="提请人"
    )
    approved_by = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name="批准人"
    )
    published_by = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name="公布人"
    )
    published_at = models.DateTimeField("公布时间", null=True)
    # Only a trial may be of one school.
    school = models.ForeignKey("Unit", models.PROTECT, null=True, related_name="+", verbose_name="试算学校")
    starts_at = models.DateTimeField("预约开始时间", null=True)
    # The instant whose sanctions count; a run that is taken up again keeps it, so that its input stays the same.
    began_at = models.DateTimeField("开始运算时间", null=True)
    publish_at = models.DateTimeField("定时公布时间", null=True)
    compared_by = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name="核对差异的人"
    )
    compared_with = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name="与哪次运算核对"
    )
    version = models.PositiveIntegerField("版本", default=1)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "录取运算"
        triggers = (guarded(run_states.TRANSITIONS),)
        constraints = (
            known_states(run_states.TRANSITIONS, "run_state_known"),
            models.UniqueConstraint(fields=("round", "number"), name="run_number_once"),
            models.UniqueConstraint(
                fields=("round",),
                condition=Q(state__in=["DRAFTED", "COMPUTED"]),
                name="one_computing_run_a_round",
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
            models.CheckConstraint(
                condition=Q(is_what_if=True) | Q(started_by__isnull=False), name="run_has_starter"
            ),
            models.CheckConstraint(
                condition=Q(is_what_if=True) | Q(school__isnull=True), name="one_school_is_a_trial"
            ),
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
    """How far the job of a run has come; written beside the phase's transaction, so that it is seen at once.

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

    A province stores its rows by COPY from row ids that were just read, and the verifier joins every row to its
    application, programme and quota again; the database does not ask a third time for each. (docs/decisions/0023)
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
        # Who named a programme: asked by its ranking and by every school's desk.
        indexes = (GinIndex(fields=("programmes",), name="placement_programmes"),)


class Cutoff(models.Model):
    """Where a quota's list was cut in a run: what the public disclosure and every reason quote."""

    run = models.ForeignKey(
        AdmissionRun, models.CASCADE, related_name="cuts", db_index=False, verbose_name="录取运算"
    )
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="cuts", verbose_name="计划行")
    quota = models.ForeignKey(Quota, models.PROTECT, verbose_name="名额")
    seats = models.PositiveIntegerField("名额")
    applicants = models.PositiveIntegerField("报考人数")
    admitted = models.PositiveIntegerField("录取人数")
    last_place = models.PositiveIntegerField("末位位次", null=True)
    last_score = ArrayField(models.IntegerField(), verbose_name="末位成绩", default=list)

    class Meta:
        verbose_name = "录取线"
        constraints = (models.UniqueConstraint(fields=("run", "quota"), name="one_cut_a_quota"),)


_CONTRADICTION = """
    LEFT JOIN yangguang_application AS a ON a.id = f.application_id AND a.person_id = f.person_id
    LEFT JOIN yangguang_quota AS b ON b.id = f.quota_id AND b.programme_id = f.programme_id
    LEFT JOIN yangguang_roundprogramme AS o ON o.programme_id = b.programme_id AND o.round_id = f.round_id
    LEFT JOIN yangguang_programme AS l ON l.id = o.programme_id
    LEFT JOIN yangguang_plan AS p ON p.id = l.plan_id AND p.school_id = f.school_id
    LEFT JOIN yangguang_admissionrun AS r ON r.id = f.run_id AND r.round_id = f.round_id
    WHERE a.id IS NULL OR p.id IS NULL OR (r.id IS NULL AND f.run_id IS NOT NULL)
"""


class Admission(Scoped):
    """The official admission of one person: published, answered, checked in are facts of their own.

    Application, person, school, round, run, programme and quota must agree, and no later act may change them. A
    constraint on each would say less, and ask for every row. (docs/decisions/0023)
    """

    class Cause(models.TextChoices):
        STUDENT = "STUDENT", "学生"
        SCHOOL = "SCHOOL", "学校"
        BUREAU = "BUREAU", "主管部门"
        SYSTEM = "SYSTEM", "系统按规则"

    scope = Scope(
        person="person", unit="school", sector="school__sector", others=(("home", "application__home"),)
    )

    public_id = PublicId()
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="admissions", db_constraint=False, verbose_name="报名"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="admissions", db_constraint=False, verbose_name="学生"
    )
    school = models.ForeignKey(
        "Unit",
        models.PROTECT,
        related_name="admissions",
        db_constraint=False,
        db_index=False,
        verbose_name="学校",
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
        Quota,
        models.PROTECT,
        related_name="admissions",
        db_constraint=False,
        db_index=False,
        verbose_name="名额",
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
            guarded(admission_states.TRANSITIONS),
            agrees(_CONTRADICTION, "an admission must say what its application, quota, round and run say"),
            fixed(
                "application_id", "person_id", "school_id", "round_id", "run_id", "programme_id", "quota_id"
            ),
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
            models.Index(
                fields=("imported",), condition=Q(imported__isnull=False), name="admission_of_imported"
            ),
        )


class ImportedResult(models.Model):
    """One programme of the exam board's file (3+2, five-year): decided elsewhere, notified and recorded here."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="imported", verbose_name="批次")
    file_digest = models.CharField("文件摘要", max_length=64)
    row = models.PositiveIntegerField("行号")
    id_hash = BlindIndexField("证件索引")
    name = models.CharField("姓名", max_length=40)
    # None while the file names a programme that does not exist; `conflict` then says which.
    programme = models.ForeignKey(Programme, models.PROTECT, null=True, verbose_name="计划行")
    conflict = models.CharField("冲突", max_length=120, blank=True)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "已定录取结果"
        constraints = (models.UniqueConstraint(fields=("round", "id_hash"), name="imported_once_a_round"),)
