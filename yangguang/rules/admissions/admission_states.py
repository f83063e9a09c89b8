"""States of an official admission, and the transitions between them. (R6.01, R6.02)"""

from yangguang.rules.base.state_machine import state_machine, transition

OFFERED, ACCEPTED, WAITING, DECLINED = "OFFERED", "ACCEPTED", "WAITING", "DECLINED"
LAPSED, CHECKED_IN, ABSENT, RELEASED = "LAPSED", "CHECKED_IN", "ABSENT", "RELEASED"

TRANSITIONS = state_machine(
    "录取",
    {
        OFFERED: "待应答",
        ACCEPTED: "已接受",
        WAITING: "已接受·候补更高志愿",
        DECLINED: "已放弃",
        LAPSED: "逾期未应答",
        CHECKED_IN: "已报到",
        ABSENT: "未报到",
        RELEASED: "已退录",
    },
    [
        transition("accept", OFFERED, WAITING, to=ACCEPTED, label="接受录取"),
        transition("wait", OFFERED, to=WAITING, label="接受并候补更高志愿"),
        transition("decline", OFFERED, ACCEPTED, WAITING, to=DECLINED, label="放弃录取"),
        transition("lapse", OFFERED, to=LAPSED, label="逾期视为放弃"),
        transition("check_in", OFFERED, ACCEPTED, WAITING, to=CHECKED_IN, label="办理报到"),
        transition("miss", OFFERED, ACCEPTED, WAITING, to=ABSENT, label="标记未报到"),
        transition("release", ACCEPTED, WAITING, CHECKED_IN, to=RELEASED, label="退录"),
    ],
)
LIVE = (OFFERED, ACCEPTED, WAITING, CHECKED_IN)
"""The admission's seat claim is live."""
EXPECTED = (OFFERED, ACCEPTED, WAITING)
"""The student has not checked in yet."""
MAY_WITHDRAW = (ACCEPTED, WAITING, CHECKED_IN)
"""The student may ask to withdraw."""
