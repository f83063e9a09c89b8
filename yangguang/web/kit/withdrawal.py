"""Withdrawing what waits for another person: the words of why, and what follows. (F-I6)"""

from django import forms

from yangguang.models import Proposal
from yangguang.web.kit.confirmation import Effects


class WithdrawForm(forms.Form):
    """Why it is withdrawn, in words that the other side reads."""

    reason = forms.CharField(
        label="撤回的原因",
        max_length=100,
        help_text="对方会原样看到",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def describe_withdrawal(proposal: Proposal) -> Effects:
    """What ends and what stays when a proposal is withdrawn."""
    return [
        (f"{proposal.proposed_by}提请的“{proposal.label}”不再等待第二个人，也不能再批准。", False),
        ("其他什么都不改变；同样的内容可以重新提请。同事在失效的提请里看到您写的原因。", False),
    ]
