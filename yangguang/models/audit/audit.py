"""The audit log: 256 SM3 hash chains, append-only by trigger and by grants, a daily Merkle root. (T1.04, F-I2)"""

from django.db import models

from yangguang.models.base.fields import NewUuid, RecordedAt
from yangguang.models.base.scoping import Scope, Scoped
from yangguang.models.base.triggers import append_only

SHARDS = 256


class AuditEntry(Scoped):
    """One act or denied act. No foreign keys: the entry stays when the rows it names are deleted."""

    class Outcome(models.TextChoices):
        DONE = "DONE", "完成"
        DENIED = "DENIED", "被拒"

    scope = Scope()

    public_id = models.UUIDField("公开编号", db_default=NewUuid(), editable=False)
    shard = models.PositiveSmallIntegerField("链号")
    position = models.BigIntegerField("链内位置")
    at = models.DateTimeField("时间")
    action = models.CharField("动作", max_length=60)
    outcome = models.CharField("结果", max_length=8, choices=Outcome.choices)
    account = models.BigIntegerField("账号", null=True)
    role = models.CharField("角色", max_length=2)
    unit = models.BigIntegerField("单位", null=True)
    subject = models.CharField("所涉事项", max_length=80, blank=True)
    person = models.BigIntegerField("所涉学生", null=True)
    facts = models.JSONField("内容", default=dict)
    # link = SM3(previous link ‖ canonical entry): changing any entry breaks every later link of its shard.
    link = models.BinaryField("链值", max_length=32)

    class Meta:
        verbose_name = "审计记录"
        triggers = (append_only(),)
        constraints = (models.UniqueConstraint(fields=("shard", "position"), name="audit_no_gap_no_fork"),)
        indexes = (
            models.Index(fields=("-at",), name="audit_newest"),
            models.Index(fields=("person", "-id"), condition=models.Q(person__isnull=False), name="audit_person"),
        )


class AuditChainHead(models.Model):
    """The end of each chain; the only audit rows that change: their length grows."""

    shard = models.PositiveSmallIntegerField("链号", primary_key=True)
    length = models.BigIntegerField("长度", default=0)
    link = models.BinaryField("链值", max_length=32)

    class Meta:
        verbose_name = "链首"


class AuditRoot(Scoped):
    """The Merkle root over the 256 chain ends on one day, published for anyone to store."""

    scope = Scope(public=models.Q())

    day = models.DateField("日期", unique=True)
    root = models.CharField("日志根", max_length=64)
    entries = models.BigIntegerField("累计条数")
    heads = models.JSONField("各链链首")
    recorded_at = RecordedAt()

    @property
    def ends(self) -> list[tuple[int, bytes]]:
        """Length and last link of each chain, in the order of their numbers."""
        return [(length, bytes.fromhex(link)) for length, link in self.heads]

    class Meta:
        verbose_name = "每日日志根"
        triggers = (append_only(),)
