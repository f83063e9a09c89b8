"""Dual approval: the same act with the same content, proposed by one person and done by another. (T3.21, F-I6)"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import Proposal
from yangguang.models.base.dual_approval import OPEN
from yangguang.postgres.locks import LockClass, take_lock
from yangguang.rules.accounts.dual_approval import OTHER_CONTENT_DONE, OUTDATED, is_outdated, require_second_person
from yangguang.rules.base.events import EVENTS

R = TypeVar("R")


@dataclass(frozen=True)
class Done(Generic[R]):
    """The second person has acted; `result` is the verb's."""

    result: R


@dataclass(frozen=True)
class AwaitingSecond:
    """The first person has proposed; nothing else was done.

    Args:
        replaced: an earlier proposal of the same content that ended because its object has changed since.
    """

    proposal: Proposal
    replaced: Proposal | None = None


@dataclass(frozen=True)
class Basis:
    """What an act of two persons rests on.

    Args:
        content: SM3 of the act and its arguments (`content_of`).
        subject: SM3 of what the act replaces, None when it replaces nothing.
        version: of the object as the actor's page displayed it, "" where there is none.
    """

    content: bytes
    subject: bytes | None = None
    version: str = ""


def propose_or_approve(entry: AuditRecord, basis: Basis, require_rules: Callable[[], object]) -> AwaitingSecond | None:
    """Record the proposal of the first person, or mark it as done by the second.

    A proposal whose object has changed since ends, and the actor proposes again. Other proposals for the same subject
    end when one of them is done.

    Args:
        require_rules: raises what the act would raise now; nothing is proposed that cannot be done.
    Returns:
        the proposal when this call was the first; None when the act may now be done.
    Raises:
        Refused: the same person again, or what `require_rules` raises.
    """
    by, act = entry.by, entry.action
    # Of two who sign at the same second, the later waits, then reads the proposal and counts as the second person.
    take_lock(LockClass.PROPOSAL, (basis.subject or basis.content).hex())
    waiting = Proposal.objects.select_for_update().filter(OPEN, action=act)
    proposal = waiting.filter(content=basis.content).first()
    if proposal is None or is_outdated(proposal.version, basis.version):
        require_rules()
        return AwaitingSecond(_propose(entry, basis, proposal), proposal)
    require_second_person(
        by,
        first=proposal.proposed_by_id,
        what="这件事您已经提请，还需要另一个人批准",
        now="请通知有同样岗位的另一位同事登录批准",
    )
    proposal.approved_by_id, proposal.done_at = by.account, entry.at
    proposal.save(update_fields=["approved_by", "done_at"])
    if basis.subject is not None:
        waiting.filter(subject=basis.subject).update(ended_at=entry.at, end_reason=OTHER_CONTENT_DONE)
    entry.add_facts(first=proposal.proposed_by_id)
    return None


def _propose(entry: AuditRecord, basis: Basis, outdated: Proposal | None) -> Proposal:
    by, act = entry.by, entry.action
    entry.add_facts(proposed=True)
    if outdated is not None:
        end_proposal(entry, outdated, OUTDATED)
        entry.add_facts(overtaken=True)
    proposal: Proposal = Proposal.objects.create(
        action=act,
        content=basis.content,
        subject=basis.subject,
        version=basis.version,
        label=EVENTS[act],
        unit_id=by.unit,
        proposed_by_id=by.require_account(),
    )
    return proposal


def end_proposal(entry: AuditRecord, proposal: Proposal, reason: str) -> None:
    """End a waiting proposal without doing it; the way is free for a new one."""
    proposal.ended_at, proposal.end_reason = entry.at, reason
    proposal.save(update_fields=["ended_at", "end_reason"])
