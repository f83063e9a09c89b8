"""States of a duplicate case: opened by the check, decided by an officer; open is quarantine. (R5.04, R5.05)"""

from yangguang.rules.base.state_machine import state_machine, transition

OPEN, SETTLED = "OPEN", "SETTLED"

TRANSITIONS = state_machine(
    "查重事项", {OPEN: "待裁定", SETTLED: "已裁定"}, [transition("settle", OPEN, to=SETTLED, label="裁定查重事项")]
)
