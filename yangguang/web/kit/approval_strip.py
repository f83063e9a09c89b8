"""The strip over an act of two persons: who has proposed it, and who is next. (F-I6)"""

from dataclasses import dataclass
from datetime import datetime

from yangguang.models import Proposal
from yangguang.rules.accounts.dual_approval import OUTDATED, is_outdated


@dataclass(frozen=True)
class ApprovalStep:
    """One person's part.

    Args:
        step: what is done ("提请"). state: "done" | "now" | "next" | "refused".
        who, unit, at: by whom, of which unit and when, once it is done.
        key: sentence about the signature. note: what is expected now.
    """

    step: str
    state: str
    who: str = ""
    unit: str = ""
    at: datetime | None = None
    key: str = ""
    note: str = ""


def strip_of(proposal: Proposal | None, act: str, version: str) -> list[ApprovalStep]:
    """The strip of an act that both persons do with the same content.

    Args:
        proposal: of the first person, None before it. act: label of the act.
        version: of the object, as the page displays it; a proposal of another version has ended.
    """
    if proposal is not None and is_outdated(proposal.version, version):
        who, unit = str(proposal.proposed_by), str(proposal.unit or "")
        ended = ApprovalStep("提请", "refused", who=who, unit=unit, at=proposal.proposed_at, note=f"{OUTDATED}，已失效")
        return [ended, *strip_of(None, act, version)]
    if proposal is None:
        return [
            ApprovalStep("提请", "now", note=f"您的签名只是提请“{act}”"),
            ApprovalStep("批准", "next", note="另一位同事对同样的内容再办理一次，才会生效"),
        ]
    who, unit = str(proposal.proposed_by), str(proposal.unit or "")
    return [
        ApprovalStep("提请", "done", who=who, unit=unit, at=proposal.proposed_at, key="优盾已签名"),
        ApprovalStep("批准", "now", note="内容完全一致；您签名后立即生效"),
    ]
