"""Persons, guardians, consents, special needs, and the duplicate cases between them. (R5.01, R5.04)"""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from yangguang.models.accounts.accounts import Account
from yangguang.models.base.fields import BlindIndexField, PublicId, RecordedAt, SealedField
from yangguang.models.base.scoping import Applicants, Scope, Scoped
from yangguang.models.base.triggers import append_only, choices, guard_transitions, known_states
from yangguang.models.organisation.units import Unit
from yangguang.rules.applicants import case_states
from yangguang.rules.base.id_number import mask as mask_id
from yangguang.rules.base.names import mask_name, mask_phone


class Person(Scoped):
    """One person, looked up by the blind index of the identity document, never by its number."""

    class Trust(models.IntegerChoices):
        DECLARED = 1, "本人申报"
        OCR = 2, "证件识别"
        CARD = 3, "读卡核验"
        POLICE = 4, "公安比对"

    scope = Scope(person="pk", unit="home", others=(("home", "home"),), applicants=Applicants((("person", "pk"),)))

    public_id = PublicId()
    account = models.ForeignKey(Account, models.PROTECT, related_name="people", verbose_name="账号")
    # Duplicates are linked, never deleted: `root_id` is the row id of the person every seat is counted for.
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, db_index=False, verbose_name="归并到")
    root_id = models.GeneratedField(
        expression=Coalesce("merged_into", "id"),
        output_field=models.BigIntegerField(),
        db_persist=True,
        db_index=True,
        verbose_name="占名额的人",
    )
    id_kind = models.CharField("证件类型", max_length=10)
    id_number = SealedField("证件号码", mask=mask_id)
    id_hash = BlindIndexField("证件索引", unique=True)
    name = models.CharField("姓名", max_length=40)
    sex = models.CharField("性别", max_length=1)
    born_on = models.DateField("出生日期")
    home = models.ForeignKey(Unit, models.PROTECT, verbose_name="户籍（生源）县")
    trust = models.PositiveSmallIntegerField("核验程度", choices=Trust.choices, default=Trust.DECLARED)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "人员"
        indexes = (models.Index(fields=("name", "born_on"), name="person_name_birth"),)

    def __str__(self) -> str:
        return mask_name(self.name)


class Guardian(models.Model):
    """A parent or guardian as the family named them; adults need none."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="guardians", verbose_name="学生")
    account = models.ForeignKey(Account, models.PROTECT, null=True, verbose_name="账号")
    name = models.CharField("监护人姓名", max_length=40)
    relation = models.CharField("与学生关系", max_length=10)
    # None after the number was given to another person: the guardian gets no copies until the family names a new one.
    phone = SealedField("监护人手机号", null=True, mask=mask_phone)

    class Meta:
        verbose_name = "监护人"


class Consent(models.Model):
    """A consent as given before any data was collected; a withdrawal is another row."""

    public_id = PublicId()
    person = models.ForeignKey(Person, models.PROTECT, related_name="consents", verbose_name="学生")
    by_guardian = models.BooleanField("由监护人给予")
    given = models.BooleanField("同意", default=True)
    text_version = models.CharField("告知书版本", max_length=20)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "同意记录"
        triggers = (append_only(),)


class SpecialNeeds(Scoped):
    """Special educational needs, in a separate table with a separate permission. (S24-2.04, R7.04)"""

    class Provision(models.TextChoices):
        MAINSTREAM = "MAINSTREAM", "随班就读"
        DEDICATED_CLASS = "DEDICATED_CLASS", "专门编班"

    scope = Scope(person="person", unit="person__home", applicants=Applicants((("person", "person"),)))

    person = models.OneToOneField(Person, models.PROTECT, related_name="needs", verbose_name="学生")
    provision = SealedField("安置方式")
    note = SealedField("需要说明", null=True)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "特殊教育需要"


class ExamResult(models.Model):
    """A junior-high score from the exam board's list; families never enter scores. (R7.05)"""

    id_hash = BlindIndexField("证件索引")
    year = models.PositiveSmallIntegerField("年度")
    # Total first, then the named subjects in the order of the tie rule.
    scores = ArrayField(models.PositiveSmallIntegerField(), verbose_name="成绩")
    junior_school = models.CharField("毕业学校", max_length=60, blank=True)
    file_digest = models.CharField("文件摘要", max_length=64)
    # The unit that loaded it: a city does not overwrite the scores of another unit.
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="导入单位")
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "中招成绩"
        constraints = (models.UniqueConstraint(fields=("id_hash", "year"), name="one_score_a_year"),)


class OutsideEnrolment(models.Model):
    """An enrolment known from an outside list: ordinary high school, another register. (R5.07)"""

    id_hash = BlindIndexField("证件索引")
    intake_year = models.PositiveSmallIntegerField("招生年度")
    register = models.CharField("名单", max_length=20)
    school = models.CharField("学校", max_length=60)
    name = models.CharField("姓名", max_length=40)
    file_digest = models.CharField("文件摘要", max_length=64)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "外部名单学籍"
        constraints = (models.UniqueConstraint(fields=("id_hash", "intake_year", "register"), name="outside_once"),)


@pghistory.track(append_only=True)
class IdentityCase(Scoped):
    """Two registrations that may be one person, or one person in two registers; an open case is a quarantine."""

    class Verdict(models.TextChoices):
        SAME = "SAME", "同一人，归并"
        DIFFERENT = "DIFFERENT", "不是同一人"
        STAYS = "STAYS", "本人选择中职，保留"
        LEAVES = "LEAVES", "本人选择外校，退出"

    scope = Scope(
        unit="unit",
        others=(("home", "person__home"),),
        applicants=Applicants((("person", "person"), ("person", "other"))),
    )

    public_id = PublicId()
    season_year = models.PositiveSmallIntegerField("招生年度")
    person = models.ForeignKey(Person, models.PROTECT, related_name="cases", verbose_name="学生")
    other = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="疑似同一人")
    outside = models.ForeignKey(OutsideEnrolment, models.PROTECT, null=True, verbose_name="外部名单学籍")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="裁定单位")
    score = models.PositiveSmallIntegerField("相似度")
    reasons = ArrayField(models.CharField(max_length=60), verbose_name="理由")
    state = models.CharField("状态", max_length=10, choices=choices(case_states.TRANSITIONS), default=case_states.OPEN)
    verdict = models.CharField("裁定", max_length=10, choices=Verdict.choices, blank=True)
    version = models.PositiveIntegerField("版本", default=1)
    recorded_at = RecordedAt()

    @property
    def possible_verdicts(self) -> tuple[Verdict, Verdict]:
        """Where the person may be in an outside register, stay or leave; else the same person or not."""
        verdicts = self.Verdict
        return (verdicts.STAYS, verdicts.LEAVES) if self.outside_id else (verdicts.SAME, verdicts.DIFFERENT)

    class Meta:
        verbose_name = "查重事项"
        triggers = (guard_transitions(case_states.TRANSITIONS),)
        constraints = (
            known_states(case_states.TRANSITIONS, "case_state_known"),
            models.CheckConstraint(condition=~Q(person=F("other")), name="case_two_people"),
            models.UniqueConstraint(fields=("person", "other"), condition=Q(outside=None), name="case_pair_once"),
            models.UniqueConstraint(fields=("person", "outside"), condition=Q(other=None), name="case_list_once"),
        )
