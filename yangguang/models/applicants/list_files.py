"""Files of scores and of outside lists as they were read, kept sealed until officers load them. (R7.05, R5.07)"""

from django.db import models

from yangguang.models.accounts.accounts import Account
from yangguang.models.base.fields import PublicId, RecordedAt, SealedField
from yangguang.models.base.scoping import Scope, Scoped
from yangguang.models.base.triggers import append_only
from yangguang.models.organisation.units import Unit
from yangguang.rules.organisation.external_registers import Register


class ListFile(Scoped):
    """One file; `digest` identifies it, and `summary` says what loading it would do when it was uploaded."""

    class FileKind(models.TextChoices):
        EXAM_RESULTS = "EXAM_RESULTS", "中招成绩"
        OUTSIDE = "OUTSIDE", "外部名单"

    scope = Scope(unit="unit")

    public_id = PublicId()
    kind = models.CharField("种类", max_length=12, choices=FileKind.choices)
    year = models.PositiveSmallIntegerField("年度")
    register = models.CharField("名单", max_length=20, choices=Register.choices(), blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="上传单位")
    digest = models.CharField("文件摘要", max_length=64)
    summary = models.JSONField("核对结果")
    content = SealedField("内容")
    uploaded_by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name="上传人")
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "名单文件"
        triggers = (append_only(),)
        constraints = (
            models.UniqueConstraint(fields=("kind", "year", "register", "unit", "digest"), name="list_file_once"),
        )
