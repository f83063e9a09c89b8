"""The official admission as its student sees it; the facts behind it are columns. (R6.01, R6.02)"""

from yangguang.rules.base.state_machine import state_machine, transition

OFFERED, ACCEPTED, WAITING, DECLINED, LAPSED, CHECKED_IN, ABSENT, RELEASED = (
    "OFFERED", "ACCEPTED", "WAITING", "DECLINED", "LAPSED", "CHECKED_IN", "ABSENT", "RELEASED",
)  # fmt: skip

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
        transition("accept", OFFERED, WAITING, to=ACCEPTED, says="接受录取"),
        transition("wait", OFFERED, to=WAITING, says="接受并候补更高志愿"),
        transition("decline", OFFERED, ACCEPTED, WAITING, to=DECLINED, says="放弃录取"),
        transition("lapse", OFFERED, to=LAPSED, says="逾期视为放弃"),
        transition("check_in", OFFERED, ACCEPTED, WAITING, to=CHECKED_IN, says="办理报到"),
        transition("miss", OFFERED, ACCEPTED, WAITING, to=ABSENT, says="标记未报到"),
        transition("release", ACCEPTED, WAITING, CHECKED_IN, to=RELEASED, says="退录"),
    ],
)
# While an admission is in one of these, its seat claim is live.
LIVE = (OFFERED, ACCEPTED, WAITING, CHECKED_IN)
EXPECTED = (OFFERED, ACCEPTED, WAITING)
"""The school expects the student to check in."""
