"""Targets (任务数): a management goal set level by level; it never limits or fills a seat. (S24-5.01, R4.03)"""

import pghistory
from django.db import models

from yangguang.models.base.fields import RecordedAt
from yangguang.models.base.scoping import Scope, Scoped
from yangguang.models.organisation.units import Unit
from yangguang.rules.organisation.sectors import Sector


@pghistory.track(append_only=True)
class Target(Scoped):
    """One row of a 任务分解表: `unit` is None for a printed collective row such as 其他学校."""

    scope = Scope(unit="parent", sector="sector", others=(("own", "unit"),))

    year = models.PositiveSmallIntegerField("年度")
    sector = models.CharField("主管线", max_length=10, choices=Sector.choices())
    parent = models.ForeignKey(Unit, models.PROTECT, related_name="handed_down", verbose_name="下达单位")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="targets", verbose_name="承担单位")
    label = models.CharField("单位名称", max_length=60)
    position = models.PositiveSmallIntegerField("序号")
    number = models.PositiveIntegerField("任务数")
    version = models.PositiveIntegerField("版本", default=1)
    source = models.CharField("来源文件", max_length=200)
    file_digest = models.CharField("文件摘要", max_length=64, blank=True)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "任务数"
        ordering = ("year", "parent", "position")
        constraints = (models.UniqueConstraint(fields=("year", "sector", "parent", "label"), name="target_row_once"),)
