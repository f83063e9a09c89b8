"""A family's "不是我改的": one officer looks into it, another decides. (product.md N2)"""

from yangguang.rules.base.labels import Labelled
from yangguang.rules.base.state_machine import move, moves

OPEN, PROPOSED, RESTORED = "OPEN", "PROPOSED", "RESTORED"
REFILLING, DECLINED, WITHDRAWN = "REFILLING", "DECLINED", "WITHDRAWN"
WAITING = (OPEN, PROPOSED)
"""The run of the round waits while a contest is in one of these."""
DECIDED = (RESTORED, REFILLING, DECLINED)
"""A second officer has decided it."""

MOVES = moves(
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
        move("propose", OPEN, to=PROPOSED, says="提出核查意见"),
        move("return_back", PROPOSED, to=OPEN, says="退回核查意见"),
        move("restore", PROPOSED, to=RESTORED, says="批准恢复志愿"),
        move("refill", PROPOSED, to=REFILLING, says="批准本人重新填报"),
        move("decline", PROPOSED, to=DECLINED, says="批准不予恢复"),
        move("withdraw", OPEN, PROPOSED, to=WITHDRAWN, says="撤回志愿异议"),
    ],
)


class Verdict(Labelled):
    """What the officers find; the value is the move that carries it out."""

    RESTORE = "restore", "恢复到学生指认的版本"
    REFILL = "refill", "由学生本人重新填报"
    DECLINE = "decline", "不予恢复"
