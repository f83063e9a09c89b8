"""An offer from a waiting list: made by rank, open for its hours, then taken, refused or over. (D8; domain-rules §6)"""

from yangguang.rules.base.state_machine import move, moves

OPEN, ACCEPTED, DECLINED, LAPSED, ENDED = "OPEN", "ACCEPTED", "DECLINED", "LAPSED", "ENDED"
NOT_TAKEN = (DECLINED, LAPSED, ENDED)
"""Over, and the seat went back to its quota."""

MOVES = moves(
    "递补",
    {
        OPEN: "递补待应答",
        ACCEPTED: "已接受递补",
        DECLINED: "已放弃递补",
        LAPSED: "递补逾期",
        ENDED: "递补已终止",
    },
    [
        move("accept", OPEN, to=ACCEPTED, says="接受递补"),
        move("decline", OPEN, to=DECLINED, says="放弃递补"),
        move("lapse", OPEN, to=LAPSED, says="逾期视为放弃递补"),
        move("end", OPEN, to=ENDED, says="终止递补"),
    ],
)
