"""The official admission as its student sees it; the facts behind it are columns. (domain-rules §6)"""

from yangguang.rules.base.state_machine import move, moves

OFFERED, ACCEPTED, WAITING, DECLINED, LAPSED, CHECKED_IN, ABSENT, RELEASED = (
    "OFFERED", "ACCEPTED", "WAITING", "DECLINED", "LAPSED", "CHECKED_IN", "ABSENT", "RELEASED",
)  # fmt: skip

MOVES = moves(
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
        move("accept", OFFERED, WAITING, to=ACCEPTED, says="接受录取"),
        move("wait", OFFERED, to=WAITING, says="接受并候补更高志愿"),
        move("decline", OFFERED, ACCEPTED, WAITING, to=DECLINED, says="放弃录取"),
        move("lapse", OFFERED, to=LAPSED, says="逾期视为放弃"),
        move("check_in", OFFERED, ACCEPTED, WAITING, to=CHECKED_IN, says="办理报到"),
        move("miss", OFFERED, ACCEPTED, WAITING, to=ABSENT, says="标记未报到"),
        move("release", ACCEPTED, WAITING, CHECKED_IN, to=RELEASED, says="退录"),
    ],
)
# While an admission is in one of these, its seat claim is live.
LIVE = (OFFERED, ACCEPTED, WAITING, CHECKED_IN)
EXPECTED = (OFFERED, ACCEPTED, WAITING)
"""The school expects the student to check in."""
