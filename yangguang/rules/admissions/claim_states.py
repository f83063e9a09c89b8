"""One person, one seat, one intake year: the life of the claim that says so. (domain-rules §5)"""

from yangguang.rules.base.state_machine import move, moves

HELD, CONFIRMED, RELEASED = "HELD", "CONFIRMED", "RELEASED"

MOVES = moves(
    "占位",
    {HELD: "占位", CONFIRMED: "已报到占位", RELEASED: "已释放"},
    [
        move("confirm", HELD, to=CONFIRMED, says="报到确认占位"),
        move("release", HELD, CONFIRMED, to=RELEASED, says="释放占位"),
    ],
)
LIVE = (HELD, CONFIRMED)
