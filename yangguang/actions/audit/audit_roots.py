"""The daily Merkle root over the ends of the 256 chains, published for anyone to store. (T1.04, F-I2)"""

from datetime import date

from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.gateways.ciphers import sm3
from yangguang.models import AuditRoot
from yangguang.postgres.sql import fetch_all
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.audit.merkle import merkle_root
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons.windows import SHANGHAI

# One statement, so that all 256 ends are of one snapshot.
_HEADS = "SELECT length, link FROM yangguang_auditchainhead ORDER BY shard"


@action("audit.root", Right.AUDIT_ROOT_PUBLISH)
def publish_root(entry: AuditRecord, *, by: Actor, day: date) -> AuditRoot:
    """Publish the root of `day`; a second call returns the published one.

    Raises:
        Refused: the day is in the future.
    """
    if day > entry.at.astimezone(SHANGHAI).date():
        raise Refused("不能公布将来日期的日志根", now="请核对日期", where="day")
    published: AuditRoot | None = AuditRoot.objects.filter(day=day).first()
    if published is not None:
        entry.add_facts(day=day.isoformat(), again=True)
        return published
    heads = [(length, bytes(link)) for length, link in fetch_all(_HEADS)]
    root: AuditRoot = AuditRoot.objects.create(
        day=day,
        root=merkle_root([link for _, link in heads], sm3).hex(),
        entries=sum(length for length, _ in heads),
        heads=[[length, link.hex()] for length, link in heads],
    )
    entry.set_subject(f"auditroot:{day.isoformat()}")
    entry.add_facts(day=day.isoformat(), entries=root.entries, root=root.root)
    return root
