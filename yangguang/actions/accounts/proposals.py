"""A proposal that waits for a second person is withdrawn by its author, or rejected by a colleague of the same post.
(F-I6)
"""

from datetime import datetime

from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.base.dual_approval import end_proposal
from yangguang.models import Proposal, RoleAssignment
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.dual_approval import REJECTED, WITHDRAWN
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused


@action("proposal.withdraw", Right.PROPOSAL_WITHDRAW, on="proposal")
def withdraw(entry: AuditRecord, *, by: Actor, proposal: Proposal) -> Proposal:
    """End a waiting proposal; nothing else changes, and the same can be proposed again.

    Raises:
        Refused: it is done or has ended, or the actor is neither its author nor of the same post.
    """
    _require_withdrawable(by, proposal)
    is_own = proposal.proposed_by_id == by.account
    end_proposal(entry, proposal, WITHDRAWN if is_own else REJECTED)
    entry.add_facts(act=proposal.action, first=proposal.proposed_by_id)
    return proposal


@withdraw.preflight
def _(at: datetime, *, by: Actor, proposal: Proposal) -> None:
    _require_withdrawable(by, proposal)


def _require_withdrawable(by: Actor, proposal: Proposal) -> None:
    if proposal.done_at or proposal.ended_at:
        why = "另一位同事已经批准" if proposal.done_at else f"它已失效：{proposal.end_reason}"
        raise Refused("这项提请已经不在等待", why=why, now="请刷新双人事项查看")
    posts = RoleAssignment.objects.filter(account=proposal.proposed_by_id, role=by.role.value, unit=by.unit)
    if proposal.proposed_by_id != by.account and not posts.exists():
        raise Refused("不能撤回别的岗位的提请", why="提请由提请人或同一岗位的同事撤回", now="请联系提请人")
