"""A proposal that waits for a second person is withdrawn by its author, rejected by a colleague of the same post, or
lapses. (F-I6)
"""

from datetime import datetime

from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.base.dual_approval import end_proposal
from yangguang.models import Proposal, RoleAssignment
from yangguang.queries.accounts.proposals import list_expired_proposals
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.dual_approval import EXPIRED, REJECTED, WITHDRAWN
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.free_text import clean_text
from yangguang.rules.base.refusals import Refused


@action("proposal.withdraw", Right.PROPOSAL_WITHDRAW, on="proposal")
def withdraw(entry: AuditRecord, *, by: Actor, proposal: Proposal, reason: str) -> Proposal:
    """End a waiting proposal; nothing else changes, and the same can be proposed again.

    Args:
        reason: words for the other side, who reads them in the list of ended proposals.

    Raises:
        Refused: no reason, it is done or has ended, or the actor is neither its author nor of the same post.
    """
    _require_withdrawable(by, proposal, reason)
    who = WITHDRAWN if proposal.proposed_by_id == by.account else REJECTED
    end_proposal(entry, proposal, f"{who}：{clean_text(reason, where='reason', most=100)}")
    entry.add_facts(act=proposal.action, first=proposal.proposed_by_id)
    return proposal


@withdraw.preflight
def _(at: datetime, *, by: Actor, proposal: Proposal, reason: str) -> None:
    _require_withdrawable(by, proposal, reason)


@action("proposal.lapse_due", Right.PROPOSAL_LAPSE)
def lapse_due(entry: AuditRecord, *, by: Actor) -> int:
    """End the proposals that no second person completed in the days of the rule row; returns how many."""
    rows = list(list_expired_proposals(entry.at).select_for_update(of=("self",)).order_by("pk"))
    for proposal in rows:
        end_proposal(entry, proposal, EXPIRED)
    entry.add_facts(proposals=[str(row.public_id) for row in rows])
    return len(rows)


def _require_withdrawable(by: Actor, proposal: Proposal, reason: str) -> None:
    if not reason.strip():
        raise Refused("没有写明撤回的原因", why="同事会原样看到", now="请写明原因", where="reason")
    if proposal.done_at or proposal.ended_at:
        why = "另一位同事已经批准" if proposal.done_at else f"它已失效：{proposal.end_reason}"
        raise Refused("这项提请已经不在等待", why=why, now="请刷新双人事项查看")
    posts = RoleAssignment.objects.filter(account=proposal.proposed_by_id, role=by.role.value, unit=by.unit)
    if proposal.proposed_by_id != by.account and not posts.exists():
        raise Refused("不能撤回别的岗位的提请", why="提请由提请人或同一岗位的同事撤回", now="请联系提请人")
