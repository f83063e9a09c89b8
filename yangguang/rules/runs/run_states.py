"""The life of an admission run: immutable input, computed, checked by other code, then two people. (R3.04)"""

from yangguang.rules.base.state_machine import state_machine, transition

SCHEDULED, DRAFTED, COMPUTED, CHECKED, PROPOSED, APPROVED, TIMED, PUBLISHED, SUPERSEDED, FAILED, CANCELLED = (
    "SCHEDULED",
    "DRAFTED",
    "COMPUTED",
    "CHECKED",
    "PROPOSED",
    "APPROVED",
    "TIMED",
    "PUBLISHED",
    "SUPERSEDED",
    "FAILED",
    "CANCELLED",
)
COMPUTING = (DRAFTED, COMPUTED)
"""A job works on it; one such run a round."""
UNPUBLISHED = (*COMPUTING, CHECKED, PROPOSED, APPROVED, TIMED)
"""It has begun, and its list may still be published."""
WITHOUT_RESULT = (SCHEDULED, FAILED, CANCELLED, SUPERSEDED)
"""It has not begun, or its list will never be published."""
UNFINISHED = (SCHEDULED, *COMPUTING, FAILED, CANCELLED)
"""There is no checked list yet, or there never will be one."""
OFFICIAL = (PROPOSED, APPROVED, TIMED, PUBLISHED)
"""On the way to the public: a trial never gets here."""

TRANSITIONS = state_machine(
    "录取运算",
    {
        DRAFTED: "运算中",
        SCHEDULED: "已预约",
        COMPUTED: "已算出",
        CHECKED: "已核验",
        PROPOSED: "已提请公布",
        APPROVED: "已批准",
        TIMED: "到点公布",
        PUBLISHED: "已公布",
        SUPERSEDED: "已被取代",
        FAILED: "未完成",
        CANCELLED: "已取消",
    },
    [
        transition("begin", SCHEDULED, to=DRAFTED, label="到点开始运算"),
        transition("compute", DRAFTED, to=COMPUTED, label="算出结果"),
        transition("check", COMPUTED, to=CHECKED, label="核验通过"),
        transition("fail", SCHEDULED, DRAFTED, COMPUTED, to=FAILED, label="终止运算"),
        transition("cancel", SCHEDULED, DRAFTED, COMPUTED, to=CANCELLED, label="取消运算"),
        transition("propose", CHECKED, to=PROPOSED, label="提请公布"),
        transition("approve", PROPOSED, to=APPROVED, label="批准公布"),
        transition("time", APPROVED, to=TIMED, label="定时公布"),
        transition("call_off", TIMED, to=APPROVED, label="撤销定时公布"),
        transition("publish", APPROVED, TIMED, to=PUBLISHED, label="公布录取"),
        transition("supersede", COMPUTED, CHECKED, PROPOSED, APPROVED, TIMED, to=SUPERSEDED, label="被新运算取代"),
    ],
)
