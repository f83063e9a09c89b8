"""States of a family's dispute of a version of its choices, and the verdicts of officers. (F-N2)"""

from yangguang.rules.base.labels import Labelled
from yangguang.rules.base.state_machine import state_machine, transition

OPEN, PROPOSED, RESTORED = "OPEN", "PROPOSED", "RESTORED"
REFILLING, DECLINED, WITHDRAWN = "REFILLING", "DECLINED", "WITHDRAWN"
WAITING = (OPEN, PROPOSED)
"""The run of the round waits for a dispute in one of these states."""
DECIDED = (RESTORED, REFILLING, DECLINED)
"""A second officer has decided the dispute."""

TRANSITIONS = state_machine(
    "志愿异议",
    {
        OPEN: "待核查",
        PROPOSED: "待批准",
        RESTORED: "已恢复",
        REFILLING: "已准许重填",
        DECLINED: "未予恢复",
        WITHDRAWN: "本人撤回",
    },
    [
        transition("propose", OPEN, to=PROPOSED, label="提出核查意见"),
        transition("return_back", PROPOSED, to=OPEN, label="退回核查意见"),
        transition("restore", PROPOSED, to=RESTORED, label="批准恢复志愿"),
        transition("refill", PROPOSED, to=REFILLING, label="批准本人重新填报"),
        transition("decline", PROPOSED, to=DECLINED, label="批准不予恢复"),
        transition("withdraw", OPEN, PROPOSED, to=WITHDRAWN, label="撤回志愿异议"),
    ],
)


class Verdict(Labelled):
    """What officers propose and decide; the value is the name of the transition."""

    RESTORE = "restore", "恢复到学生指认的版本"
    REFILL = "refill", "由学生本人重新填报"
    DECLINE = "decline", "不予恢复"


def possible_verdicts(*, names_version: bool) -> tuple[Verdict, ...]:
    """What may be proposed: the version the family named is restored, or without one it fills in its choices again."""
    return (Verdict.RESTORE if names_version else Verdict.REFILL, Verdict.DECLINE)
