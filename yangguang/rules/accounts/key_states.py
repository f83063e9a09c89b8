"""States of a hardware key (优盾): issued, received, bound to one person, lost, revoked. (S23-4.12, S23-5.09)"""

from yangguang.rules.base.state_machine import state_machine, transition

ISSUED, RECEIVED, BOUND, LOST, REVOKED = "ISSUED", "RECEIVED", "BOUND", "LOST", "REVOKED"

TRANSITIONS = state_machine(
    "优盾",
    {ISSUED: "已发放", RECEIVED: "已签收", BOUND: "已绑定", LOST: "已挂失", REVOKED: "已吊销"},
    [
        transition("receive", ISSUED, to=RECEIVED, label="签收优盾"),
        transition("bind", RECEIVED, to=BOUND, label="绑定优盾"),
        transition("lose", ISSUED, RECEIVED, BOUND, to=LOST, label="挂失优盾"),
        transition("revoke", ISSUED, RECEIVED, BOUND, LOST, to=REVOKED, label="吊销优盾"),
    ],
)
