"""The daily Merkle root over the ends of the 256 chains, published for anyone to store. (T1.04, F-I2)"""

from datetime import date

from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.gateways.ciphers import sm3
from yangguang.models import AuditRoot
from yangguang.queries.audit.daily_roots import read_chain_ends
from yangguang.queries.audit.log_chain import GENESIS
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.audit.merkle import root_of_ends
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons.windows import SHANGHAI


@action("audit.root", Right.AUDIT_ROOT_PUBLISH)
def publish_root(entry: AuditRecord, *, by: Actor, day: date) -> AuditRoot:
    """Publish the root over the chains as they were when `day` ended; a second call returns the published one.

    A day that was missed gets the root it would have got at its end.

    Raises:
        Refused: the day is in the future.
    """
    if day > entry.at.astimezone(SHANGHAI).date():
        raise Refused("不能公布将来日期的日志根", now="请核对日期", where="day")
    published: AuditRoot | None = AuditRoot.objects.filter(day=day).first()
    if published is not None:
        entry.add_facts(day=day.isoformat(), again=True)
        return published
    # One statement, so that all 256 ends are of one snapshot.
    ends = [(length, link or GENESIS) for length, link in read_chain_ends(day)]
    root: AuditRoot = AuditRoot.objects.create(
        day=day,
        root=root_of_ends(ends, sm3).hex(),
        entries=sum(length for length, _ in ends),
        heads=[[length, link.hex()] for length, link in ends],
    )
    entry.set_subject(f"auditroot:{day.isoformat()}")
    entry.add_facts(day=day.isoformat(), entries=root.entries, root=root.root)
    return root
