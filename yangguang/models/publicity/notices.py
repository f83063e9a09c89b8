"""Notices on the public front page, each with its source. (S23-2.10)"""

from django.db import models
from django.db.models import Q

from yangguang.models.base.fields import PublicId, RecordedAt
from yangguang.models.base.scoping import Scope, Scoped
from yangguang.models.organisation.units import Unit


class Notice(Scoped):
    """One published text."""

    scope = Scope(unit="unit", public=Q(published_at__isnull=False))

    public_id = PublicId()
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="发布单位")
    title = models.CharField("标题", max_length=120)
    body = models.TextField("正文")
    source = models.CharField("来源文件", max_length=200, blank=True)
    published_at = models.DateTimeField("发布时间", null=True)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "政策公告"
        ordering = ("-published_at",)
