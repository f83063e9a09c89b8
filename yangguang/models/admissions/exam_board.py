"""The exam board's files, stored sealed, and two officers' decisions on rows in conflict. (R3.09, F-D12)"""

from django.db import models

from yangguang.models.accounts.accounts import Account
from yangguang.models.admissions.admissions import ImportedResult
from yangguang.models.base.fields import PublicId, RecordedAt, SealedField
from yangguang.models.base.scoping import Scope, Scoped
from yangguang.models.base.triggers import append_only
from yangguang.models.runs.rounds import Round


class ImportFile(Scoped):
    """An exam board's file as it was read; the content is sealed, and `digest` identifies the file."""

    scope = Scope()

    public_id = PublicId()
    round = models.ForeignKey(Round, models.PROTECT, related_name="import_files", verbose_name="批次")
    profile = models.CharField("文件格式", max_length=40)
    digest = models.CharField("文件摘要", max_length=64)
    size = models.PositiveIntegerField("行数")
    content = SealedField("内容")
    uploaded_by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name="上传人")
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "导入文件"
        triggers = (append_only(),)
        constraints = (models.UniqueConstraint(fields=("round", "digest"), name="import_file_once"),)


class ImportDecision(models.Model):
    """What two officers decided on a row that was not admitted because of a conflict."""

    class Verdict(models.TextChoices):
        SAME_PERSON = "SAME_PERSON", "核对后确认是本人"
        DISMISSED = "DISMISSED", "不办理"

    result = models.OneToOneField(ImportedResult, models.PROTECT, related_name="decision", verbose_name="已定录取结果")
    verdict = models.CharField("决定", max_length=12, choices=Verdict.choices)
    conflict = models.CharField("当时的冲突", max_length=500)
    reason = models.CharField("理由", max_length=200)
    decided_by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name="办理人")
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "导入冲突的决定"
        triggers = (append_only(),)
