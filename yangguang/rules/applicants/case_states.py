"""A duplicate case: opened by the check, settled by a person; open means quarantine. (domain-rules §5)"""

from yangguang.rules.base.state_machine import move, moves

OPEN, SETTLED = "OPEN", "SETTLED"

MOVES = moves(
    "查重事项",
    {OPEN: "待裁定", SETTLED: "已裁定"},
    [move("settle", OPEN, to=SETTLED, says="裁定查重事项")],
)
