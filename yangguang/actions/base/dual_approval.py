"""Dual approval: the same act with the same content, proposed by one person and done by another. (T3.21, F-I6)"""

from dataclasses import dataclass
from typing import Generic, TypeVar

from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import Account, Proposal
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


def require_done(outcome: Done[R] | AwaitingSecond) -> R:
    """The result of an act that the second person has done.

    Raises:
        ValueError: it still waits for the second person.
    """
    if isinstance(outcome, AwaitingSecond):
        raise ValueError(f"{outcome.proposal.action} waits for a second person")
    return outcome.result


def first_part(entry: AuditRecord, content: bytes) -> Proposal | None:
    """Record the proposal of the first person, or mark it as done by the second.

    Args:
        content: SM3 of the act and its arguments (`content_of`).
    Returns:
        the proposal when this call was the first; None when the act may now be done.
    Raises:
        Refused: the same person again.
    """
    by = entry.by
    waiting = Proposal.objects.select_for_update().filter(action=entry.action, content=content, done_at=None).first()
    if waiting is None:
        entry.add_facts(proposed=True)
        return Proposal.objects.create(
            action=entry.action,
            content=content,
            says=EVENTS[entry.action],
            unit_id=by.unit,
            proposed_by=Account(pk=by.account),
        )
    require_second_person(
        by,
        first=waiting.proposed_by_id,
        what="这件事您已经提请，还需要另一个人批准",
        now="请通知有同样岗位的另一位同事登录批准",
    )
    waiting.approved_by_id, waiting.done_at = by.account, entry.at
    waiting.save(update_fields=["approved_by", "done_at"])
    entry.add_facts(first=waiting.proposed_by_id)
    return None
