"""The provincial record (学籍) and its student's own confirmation. (S23-4.01, S23-4.03, R8.01, R8.03)"""

from django.db import models
from django.db.models import Q

from yangguang.models.accounts.accounts import Account
from yangguang.models.admissions.admissions import Admission
from yangguang.models.applicants.persons import Person
from yangguang.models.base.fields import PublicId, RecordedAt
from yangguang.models.base.scoping import Scope, Scoped
from yangguang.models.base.triggers import append_only, choices, guard_transitions, known_states
from yangguang.models.organisation.units import Unit
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.records import record_states
from yangguang.rules.records.record_fields import FIELDS


class StudentRecord(Scoped):
    """Created by the system for a checked-in admission without an open duplicate case."""

    scope = Scope(person="person", unit="school", sector="school__sector", others=(("home", "person__home"),))

    public_id = PublicId()
    person = models.ForeignKey(Person, models.PROTECT, related_name="records", verbose_name="学生")
    admission = models.OneToOneField(Admission, models.PROTECT, related_name="record", verbose_name="录取")
    school = models.ForeignKey(Unit, models.PROTECT, related_name="records", db_index=False, verbose_name="学校")
    # The province's own number; the national 学籍号 is assigned by the national system and imported.
    number = models.CharField("省级学籍号", max_length=20, unique=True)
    national_number = models.CharField("全国学籍号", max_length=19, null=True, unique=True)  # noqa: DJ001
    major = models.CharField("专业", max_length=60)
    programme_type = models.CharField("培养类型", max_length=20, choices=ProgrammeType.choices())
    entered_on = models.DateField("入学日期")
    school_class = models.CharField("班级", max_length=40, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=choices(record_states.TRANSITIONS), default=record_states.CREATED
    )
    version = models.PositiveIntegerField("版本", default=1)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "学籍"
        triggers = (guard_transitions(record_states.TRANSITIONS),)
        constraints = (
            known_states(record_states.TRANSITIONS, "record_state_known"),
            models.UniqueConstraint(
                fields=("person",), condition=~Q(state=record_states.CANCELLED), name="one_live_record_a_person"
            ),
        )
        indexes = (models.Index(fields=("school", "state"), name="record_school_state"),)


class Confirmation(models.Model):
    """The student's opinion of the record: 一致, 有误 with the field, or 不是我. (F-B10)"""

    class Opinion(models.TextChoices):
        AGREES = "AGREES", "一致"
        WRONG = "WRONG", "有误"
        NOT_ME = "NOT_ME", "不是我本人或未就读"

    record = models.ForeignKey(StudentRecord, models.PROTECT, related_name="confirmations", verbose_name="学籍")
    opinion = models.CharField("本人意见", max_length=10, choices=Opinion.choices)
    field = models.CharField("有误的栏目", max_length=20, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    by_account = models.ForeignKey(Account, models.PROTECT, verbose_name="确认账号")
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "本人确认"
        triggers = (append_only(),)

    @property
    def field_label(self) -> str:
        """The field in the words of the form; "" when none is wrong."""
        return FIELDS.get(self.field, "")


class RecordEvent(models.Model):
    """A change of a record, with its reason and who caused it."""

    record = models.ForeignKey(StudentRecord, models.PROTECT, related_name="events", verbose_name="学籍")
    kind = models.CharField("变动类别", max_length=20)
    note = models.CharField("说明", max_length=200)
    cause = models.CharField("由谁造成", max_length=10, choices=Admission.Cause.choices)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "学籍变动"
        triggers = (append_only(),)
