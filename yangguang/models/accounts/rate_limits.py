"""How often one asker may do one thing: the shared budgets of codes and look-ups. (T2.07, T2.08)"""

from django.db import models

from yangguang.models.base.fields import BlindIndexField


class Allowance(models.Model):
    """What one asker has used since its window began; the row is used again, so the table never grows old."""

    # A keyed digest of what is counted ("code.per_phone:…", "result.per_number:…"): the table tells nothing.
    mark = BlindIndexField("计数对象", primary_key=True)
    began_at = models.DateTimeField("起算时间")
    used = models.PositiveIntegerField("已用次数")

    class Meta:
        verbose_name = "查询额度"
