"""The states of a monthly form: computed, reviewed, sealed, sent, received or returned. (S23-5.05, S24-5.03, R9.06)"""

from yangguang.rules.base.state_machine import state_machine, transition

COMPUTED, REVIEWED, SEALED = "COMPUTED", "REVIEWED", "SEALED"
SENT, RETURNED, RECEIVED = "SENT", "RETURNED", "RECEIVED"
FINAL = (SEALED, SENT, RECEIVED)
"""The numbers change no more, unless the form is returned."""

TRANSITIONS = state_machine(
    "月报",
    {
        COMPUTED: "已算出",
        REVIEWED: "已复核",
        SEALED: "已封存",
        SENT: "已报送",
        RETURNED: "上级已退回",
        RECEIVED: "上级已签收",
    },
    [
        transition("compute", COMPUTED, RETURNED, to=COMPUTED, label="计算月报"),
        transition("review", COMPUTED, to=REVIEWED, label="复核月报"),
        transition("reopen", REVIEWED, to=COMPUTED, label="撤回复核"),
        transition("seal", REVIEWED, to=SEALED, label="封存月报"),
        transition("send", SEALED, to=SENT, label="报送月报"),
        transition("return_back", SENT, to=RETURNED, label="退回月报"),
        transition("receive", SENT, to=RECEIVED, label="签收月报"),
    ],
)
