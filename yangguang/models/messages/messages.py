"""Messages: one for each recipient and event. (T3.23, F-H2)"""

import pgtrigger
from django.db import models

from yangguang.models.applicants.persons import Guardian, Person
from yangguang.models.base.fields import RecordedAt
from yangguang.models.base.scoping import Scope, Scoped


class Message(Scoped):
    """One message to one person about one event of one subject."""

    class State(models.TextChoices):
        QUEUED = "QUEUED", "待发送"
        SENT = "SENT", "已发送"
        FAILED = "FAILED", "发送失败"

    scope = Scope(person="person")

    person = models.ForeignKey(Person, models.PROTECT, related_name="messages", db_index=False, verbose_name="收信人")
    # The copy for a guardian is a separate event ("….guardian"), so that each of the two is sent once.
    guardian = models.ForeignKey(
        Guardian, models.SET_NULL, null=True, related_name="+", db_index=False, verbose_name="监护人"
    )
    event = models.CharField("事件", max_length=40)
    subject = models.CharField("所涉事项", max_length=60)
    text = models.CharField("内容", max_length=300)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.QUEUED)
    tries = models.PositiveSmallIntegerField("已试次数", default=0)
    provider_id = models.CharField("通道编号", max_length=80, blank=True)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "消息"
        # A message stays; only its delivery is updated.
        triggers = (
            pgtrigger.Trigger(
                name="undeletable",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Delete | pgtrigger.Truncate,
                func="RAISE EXCEPTION 'undeletable: %', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';",
            ),
        )
        constraints = (models.UniqueConstraint(fields=("person", "event", "subject"), name="told_once_of_each_event"),)
        indexes = (
            models.Index(fields=("state", "id"), name="message_queue"),
            models.Index(fields=("guardian",), condition=models.Q(guardian__isnull=False), name="message_of_guardian"),
        )
