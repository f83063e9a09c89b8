"""The life of an admission run: immutable input, computed, checked by other code, then two people. (domain-rules §3)"""

from yangguang.rules.moves import move, moves

DRAFTED, COMPUTED, CHECKED, PROPOSED, APPROVED, PUBLISHED, SUPERSEDED, FAILED = (
    "DRAFTED", "COMPUTED", "CHECKED", "PROPOSED", "APPROVED", "PUBLISHED", "SUPERSEDED", "FAILED",
)  # fmt: skip

MOVES = moves(
    "录取运算",
    {
        DRAFTED: "运算中",
        COMPUTED: "已算出",
        CHECKED: "已核验",
        PROPOSED: "已提请公布",
        APPROVED: "已批准",
        PUBLISHED: "已公布",
        SUPERSEDED: "已被取代",
        FAILED: "未完成",
    },
    [
        move("compute", DRAFTED, to=COMPUTED, says="算出结果"),
        move("check", COMPUTED, to=CHECKED, says="核验通过"),
        move("fail", DRAFTED, COMPUTED, to=FAILED, says="终止运算"),
        move("propose", CHECKED, to=PROPOSED, says="提请公布"),
        move("approve", PROPOSED, to=APPROVED, says="批准公布"),
        move("publish", APPROVED, to=PUBLISHED, says="公布录取"),
        move("supersede", COMPUTED, CHECKED, PROPOSED, APPROVED, to=SUPERSEDED, says="被新运算取代"),
    ],
)
