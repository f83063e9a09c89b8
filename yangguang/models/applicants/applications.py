"""Applications and every submitted version of their choices; only the student writes them.
(S23-2.05, T1.06, F-B3, F-B4)
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F

from yangguang.models.accounts.accounts import Account
from yangguang.models.applicants.persons import Person
from yangguang.models.base.fields import PublicId, RecordedAt
from yangguang.models.base.scoping import Applicants, Scope, Scoped
from yangguang.models.base.triggers import append_only, choices, guard_transitions, known_states
from yangguang.models.organisation.units import Unit
from yangguang.models.runs.rounds import Round
from yangguang.models.seasons.seasons import Season
from yangguang.rules.applicants import application_states
from yangguang.rules.applicants.origins import Origin


class Application(Scoped):
    """One person in one season. `number` (报名号) is a keyed digest: it tells neither order nor person."""

    class Track(models.TextChoices):
        CHOOSES = "CHOOSES", "填报志愿"
        EXAM_BOARD = "EXAM_BOARD", "考试机构录取（3+2、五年一贯制）"
        DIRECT = "DIRECT", "免试注册"

    scope = Scope(person="person", unit="home", others=(("home", "home"),), applicants=Applicants((("pk", "pk"),)))

    public_id = PublicId()
    number = models.CharField("报名号", max_length=16, unique=True)
    season = models.ForeignKey(
        Season, models.PROTECT, related_name="applications", db_index=False, verbose_name="招生季"
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="applications", verbose_name="学生")
    home = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="户籍（生源）县")
    place = models.CharField("外省户籍地代码", max_length=6, blank=True, db_default="")
    junior_school = models.CharField("毕业学校", max_length=60, blank=True)
    origin = models.CharField("生源类别", max_length=30, choices=Origin.choices())
    track = models.CharField("录取途径", max_length=12, choices=Track.choices, default=Track.CHOOSES)
    # Total first, then the named subjects in the order of the tie rule; empty for those without scores.
    scores = ArrayField(models.PositiveSmallIntegerField(), verbose_name="成绩", default=list)
    state = models.CharField(
        "状态", max_length=12, choices=choices(application_states.TRANSITIONS), default=application_states.REGISTERED
    )
    programmes = ArrayField(models.BigIntegerField(), verbose_name="生效志愿", default=list)
    choices_version = models.PositiveIntegerField("志愿版本", default=0)
    draft_programmes = ArrayField(models.BigIntegerField(), verbose_name="志愿草稿", default=list)
    drafted_at = models.DateTimeField("草稿时间", null=True)
    version = models.PositiveIntegerField("版本", default=1)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "报名"
        triggers = (guard_transitions(application_states.TRANSITIONS),)
        constraints = (
            models.UniqueConstraint(fields=("season", "person"), name="one_application_a_season"),
            known_states(application_states.TRANSITIONS, "application_state_known"),
        )
        indexes = (GinIndex(fields=("programmes",), name="application_programmes"),)


class ChoiceVersion(Scoped):
    """The choices exactly as submitted, with who submitted them and the receipt. (F-B3, F-B5)"""

    class SubmittedBy(models.TextChoices):
        SELF = "SELF", "本人"
        GUARDIAN = "GUARDIAN", "监护人"
        RESTORED = "RESTORED", "经本人申请由主管部门恢复"

    class DeviceKind(models.TextChoices):
        PHONE = "PHONE", "手机"
        TABLET = "TABLET", "平板"
        COMPUTER = "COMPUTER", "电脑"

    scope = Scope(person="application__person")

    public_id = PublicId()
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="versions", db_index=False, verbose_name="报名"
    )
    round = models.ForeignKey(Round, models.PROTECT, db_index=False, verbose_name="批次")
    number = models.PositiveIntegerField("志愿版本")
    programmes = ArrayField(models.BigIntegerField(), verbose_name="志愿（按顺序）")
    by_account = models.ForeignKey(Account, models.PROTECT, verbose_name="提交账号")
    submitted_by = models.CharField("提交人", max_length=10, choices=SubmittedBy.choices)
    # SM3 over application number, version, ordered programme codes and instant: a printed receipt can be checked.
    receipt = models.CharField("回执校验码", max_length=64)
    device = models.CharField("设备摘要", max_length=32, blank=True)
    device_kind = models.CharField("设备种类", max_length=10, choices=DeviceKind.choices, blank=True)
    # A version written by officers must refer to a dispute of the family.
    dispute = models.OneToOneField(
        "ChoiceDispute", models.PROTECT, null=True, related_name="restored", verbose_name="志愿异议"
    )
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "志愿版本"
        triggers = (append_only(),)
        constraints = (
            models.UniqueConstraint(fields=("application", "number"), name="choice_version_once"),
            models.CheckConstraint(condition=models.Q(programmes__len__gt=0), name="choices_not_empty"),
            models.CheckConstraint(
                condition=models.Q(submitted_by="RESTORED", dispute__isnull=False)
                | (~models.Q(submitted_by="RESTORED") & models.Q(dispute=None)),
                name="restored_on_a_dispute",
            ),
        )
        indexes = (models.Index(F("round"), F("application"), F("number").desc(), name="choices_of_round"),)
