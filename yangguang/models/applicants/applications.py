"""Applications: one person in one season, with the choices in force and their draft. (S23-2.05, T1.06, F-B4)"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from yangguang.models.applicants.persons import Person
from yangguang.models.base.fields import PublicId, RecordedAt
from yangguang.models.base.scoping import Applicants, Scope, Scoped
from yangguang.models.base.triggers import choices, guard_transitions, known_states
from yangguang.models.organisation.units import Unit
from yangguang.models.seasons.seasons import Season
from yangguang.rules.applicants import application_states
from yangguang.rules.applicants.origins import Origin


class Application(Scoped):
    """One person in one season. `number` (报名号) is a keyed digest: it shows neither order nor person."""

    class Track(models.TextChoices):
        CHOOSES = "CHOOSES", "填报志愿"
        EXAM_BOARD = "EXAM_BOARD", "考试机构录取"
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
