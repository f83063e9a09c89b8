"""States of a seat claim: one person, one seat, one intake year. (R5.02)"""

from yangguang.rules.base.state_machine import state_machine, transition

HELD, CONFIRMED, RELEASED = "HELD", "CONFIRMED", "RELEASED"

TRANSITIONS = state_machine(
    "占位",
    {HELD: "占位", CONFIRMED: "已报到占位", RELEASED: "已释放"},
    [
        transition("confirm", HELD, to=CONFIRMED, label="报到确认占位"),
        transition("release", HELD, CONFIRMED, to=RELEASED, label="释放占位"),
    ],
)
LIVE = (HELD, CONFIRMED)
"""The claim occupies a seat."""
