"""States of a withdrawal request: the school may comment within a time limit but has no veto. (R6.05, F-N5)"""

from yangguang.rules.base.state_machine import state_machine, transition

REQUESTED, COMMENTED, RELEASED = "REQUESTED", "COMMENTED", "RELEASED"
TAKEN_BACK, OVERTAKEN = "TAKEN_BACK", "OVERTAKEN"

TRANSITIONS = state_machine(
    "退录申请",
    {
        REQUESTED: "待学校意见",
        COMMENTED: "学校已提意见",
        RELEASED: "已退录",
        TAKEN_BACK: "本人已撤回",
        OVERTAKEN: "录取已另行终止",
    },
    [
        transition("comment", REQUESTED, to=COMMENTED, label="提出意见"),
        transition("carry_out", REQUESTED, COMMENTED, to=RELEASED, label="退录生效"),
        transition("take_back", REQUESTED, COMMENTED, to=TAKEN_BACK, label="撤回退录申请"),
        transition("overtake", REQUESTED, COMMENTED, to=OVERTAKEN, label="因录取已终止而结束"),
    ],
)
RUNNING = (REQUESTED, COMMENTED)
"""The request takes effect at its due time unless it is taken back."""
