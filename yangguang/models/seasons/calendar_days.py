"""Public holidays and worked weekends, by which working days are counted."""

from django.db import models

from yangguang.models.base.fields import RecordedAt


class CalendarDay(models.Model):
    """A holiday, or a weekend worked in exchange (调休)."""

    day = models.DateField("日期", unique=True)
    rests = models.BooleanField("休息")
    note = models.CharField("说明", max_length=40)
    source = models.CharField("来源", max_length=200)
    is_demo = models.BooleanField("演示数据", default=False)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "放假调休日"
        ordering = ("day",)
