"""Dual approval: the same act with the same content, proposed by one person and done by another. (T3.21, F-I6)"""

from dataclasses import dataclass
from typing import Generic, TypeVar

from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import Proposal
from yangguang.postgres.locks import LockClass, take_lock
from yangguang.rules.accounts.dual_approval import require_second_person
from yangguang.rules.base.events import EVENTS

R = TypeVar("R")


@dataclass(frozen=True)
class Done(Generic[R]):
    """The second person has acted; `result` is the verb's."""

    result: R


@dataclass(frozen=True)
class AwaitingSecond:
    """The first person has proposed; nothing else was done."""

    proposal: Proposal


def propose_or_approve(entry: AuditRecord, content: bytes) -> Proposal | None:
    """Record the proposal of the first person, or mark it as done by the second.

    Args:
        content: SM3 of the act and its arguments (`content_of`).
    Returns:
        the proposal when this call was the first; None when the act may now be done.
    Raises:
        Refused: the same person again.
    """
    by, act = entry.by, entry.action
    # Of two who sign at the same second, the later waits, then reads the proposal and counts as the second person.
    take_lock(LockClass.PROPOSAL, content.hex())
    proposal = Proposal.objects.select_for_update().filter(action=act, content=content, done_at=None).first()
    if proposal is None:
        entry.add_facts(proposed=True)
        values = {"label": EVENTS[act], "unit_id": by.unit, "proposed_by_id": by.account}
        return Proposal.objects.create(action=act, content=content, **values)
    require_second_person(
        by,
        first=proposal.proposed_by_id,
        what="这件事您已经提请，还需要另一个人批准",
        now="请通知有同样岗位的另一位同事登录批准",
    )
    proposal.approved_by_id, proposal.done_at = by.account, entry.at
    proposal.save(update_fields=["approved_by", "done_at"])
    entry.add_facts(first=proposal.proposed_by_id)
    return None
