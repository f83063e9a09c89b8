"""States of an application: registered, choices in force, withdrawn. (S23-2.05)"""

from yangguang.rules.base.state_machine import state_machine, transition

REGISTERED, CHOSEN, WITHDRAWN = "REGISTERED", "CHOSEN", "WITHDRAWN"

TRANSITIONS = state_machine(
    "报名",
    {REGISTERED: "已报名·未填志愿", CHOSEN: "志愿已提交·生效", WITHDRAWN: "已撤回"},
    [
        transition("choose", REGISTERED, CHOSEN, to=CHOSEN, label="提交志愿"),
        transition("withdraw", REGISTERED, CHOSEN, to=WITHDRAWN, label="撤回报名"),
        transition("return_", WITHDRAWN, to=REGISTERED, label="恢复报名"),
    ],
)
