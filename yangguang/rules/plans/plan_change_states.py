"""States of a school's request to change a published plan: carried out by two officers, refused, or withdrawn.

(R4.01, F-C2)
"""

from yangguang.rules.base.state_machine import state_machine, transition

REQUESTED, CARRIED_OUT, REFUSED, WITHDRAWN = "REQUESTED", "CARRIED_OUT", "REFUSED", "WITHDRAWN"

TRANSITIONS = state_machine(
    "计划调整申请",
    {REQUESTED: "待主管部门办理", CARRIED_OUT: "已批准调整", REFUSED: "未批准", WITHDRAWN: "学校已撤回"},
    [
        transition("carry_out", REQUESTED, to=CARRIED_OUT, label="批准计划调整"),
        transition("refuse", REQUESTED, to=REFUSED, label="退回计划调整申请"),
        transition("withdraw", REQUESTED, to=WITHDRAWN, label="撤回计划调整申请"),
    ],
)
