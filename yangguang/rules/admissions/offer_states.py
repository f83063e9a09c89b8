"""States of an offer from a waiting list. (R6.03, F-D8)"""

from yangguang.rules.base.state_machine import state_machine, transition

OPEN, ACCEPTED, DECLINED, LAPSED, ENDED = "OPEN", "ACCEPTED", "DECLINED", "LAPSED", "ENDED"
NOT_ACCEPTED = (DECLINED, LAPSED, ENDED)
"""The offer ended and its seat went back to the quota."""

TRANSITIONS = state_machine(
    "递补",
    {OPEN: "递补待应答", ACCEPTED: "已接受递补", DECLINED: "已放弃递补", LAPSED: "递补逾期", ENDED: "递补已终止"},
    [
        transition("accept", OPEN, to=ACCEPTED, label="接受递补"),
        transition("decline", OPEN, to=DECLINED, label="放弃递补"),
        transition("lapse", OPEN, to=LAPSED, label="逾期视为放弃递补"),
        transition("end", OPEN, to=ENDED, label="终止递补"),
    ],
)
