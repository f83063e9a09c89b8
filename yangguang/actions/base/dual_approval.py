"""The two-person rule: the same act with the same content, asked for by one person, done by another. (I6)"""

from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import Account, Proposal
from yangguang.rules.base.events import say_action
from yangguang.rules.base.refusals import Refused


def first_part(entry: AuditRecord, content: bytes) -> Proposal | None:
    """Leave the wish of the first person, or take it up as the second.

    Returns:
        the proposal when this call was the first; None when the act may now be done.
    Raises:
        Refused: the same person asks again.
    """
    by = entry.by
    waiting = (
        Proposal.objects.select_for_update()
        .filter(action=entry.action, content=content, done_at=None)
        .first()
    )
    if waiting is None:
        entry.add_facts(proposed=True)
        return Proposal.objects.create(
            action=entry.action,
            content=content,
            says=say_action(entry.action),
            unit_id=by.unit,
            proposed_by=Account(pk=by.account),
        )
    if waiting.proposed_by_id == by.account:
        raise Refused(
            "这件事您已经提请，还需要另一个人批准",
            why="重要事项须由两人分别用各自的优盾办理",
            now="请通知有同样岗位的另一位同事登录批准",
        )
    waiting.approved_by_id, waiting.done_at = by.account, entry.at
    waiting.save(update_fields=["approved_by", "done_at"])
    entry.add_facts(first=waiting.proposed_by_id)
    return None
