"""Every submitted version of choices, with its receipt; only the student writes them. (S23-2.05, F-B3, F-B5)"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F

from yangguang.models.accounts.accounts import Account
from yangguang.models.applicants.applications import Application
from yangguang.models.base.fields import PublicId, RecordedAt
from yangguang.models.base.scoping import Scope, Scoped
from yangguang.models.base.triggers import append_only
from yangguang.models.runs.rounds import Round


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
