"""How often a phone, browser, address or account has done one thing lately. (T2.07, T2.08)"""

from django.db import models

from yangguang.models.base.fields import BlindIndexField


class Allowance(models.Model):
    """The attempts since the window began; a later window uses the row again, so the table does not grow."""

    # A keyed digest of what is counted ("code.per_phone:…", "result.per_number:…"); the table reveals nothing.
    mark = BlindIndexField("计数对象", primary_key=True)
    began_at = models.DateTimeField("起算时间")
    used = models.PositiveIntegerField("已用次数")

    class Meta:
        verbose_name = "查询额度"
