"""How often one device or one number may ask an open page: budgets across all serving processes. (trust.md)"""

from django.db import models

from yangguang.models.fields import BlindIndexField


class Allowance(models.Model):
    """What one asker has used since its window began; the row is used again, so the table never grows old."""

    # A keyed digest of what is counted ("device:…", "number:…"): the table tells nothing about anybody.
    mark = BlindIndexField("计数对象", primary_key=True)
    began_at = models.DateTimeField("起算时间")
    used = models.PositiveIntegerField("已用次数")

    class Meta:
        verbose_name = "查询额度"
