"""The public bundle of a published run, created once and never changed, for 录取回放. (F-A12, F-N1)"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yangguang.models.admissions.admissions import AdmissionRun
from yangguang.models.base.fields import RecordedAt, SealedField
from yangguang.models.base.scoping import Scope, Scoped
from yangguang.models.base.triggers import append_only


class ReplayBundle(Scoped):
    """One zip file. `key` turns 报名号 into the ids of its rows and never leaves the server (docs/decisions/0022)."""

    scope = Scope(public=Q())

    run = models.OneToOneField(AdmissionRun, models.PROTECT, related_name="bundle", verbose_name="录取运算")
    key = SealedField("匿名密钥")
    content = models.BinaryField("文件")
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField("文件的 SHA-256", max_length=64)
    sm3 = models.CharField("文件的 SM3", max_length=64)
    list_sm3 = models.CharField("名单的 SM3", max_length=64)
    rows = models.PositiveIntegerField("行数")
    programmes = models.PositiveIntegerField("专业数")
    # Programmes under a pseudonym, programmes left out, and whether the rows of people without a seat are cut: with
    # these a student's own ids are computed without opening the file.
    masked = ArrayField(models.CharField(max_length=24), verbose_name="不点名的计划行")
    left_out = ArrayField(models.CharField(max_length=24), verbose_name="不在回放内的计划行")
    is_cut = models.BooleanField("落选行已拆开")
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "回放包"
        triggers = (append_only(),)
