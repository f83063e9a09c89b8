"""States of a measure against a school: proposed, then decided or withdrawn by its proposer. (S24-4.05, R10.02)"""

from yangguang.rules.base.state_machine import state_machine, transition

PROPOSED, DECIDED, WITHDRAWN = "PROPOSED", "DECIDED", "WITHDRAWN"

TRANSITIONS = state_machine(
    "处理措施",
    {PROPOSED: "等待省级批准", DECIDED: "已批准", WITHDRAWN: "已撤回"},
    [
        transition("approve", PROPOSED, to=DECIDED, label="批准"),
        transition("withdraw", PROPOSED, to=WITHDRAWN, label="撤回"),
    ],
)
