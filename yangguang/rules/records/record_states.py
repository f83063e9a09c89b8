"""How a record (学籍) comes to be: made, completed, confirmed, verified, exported. (domain-rules §8)"""

from yangguang.rules.base.state_machine import move, moves

MADE, COMPLETED, CONFIRMED, DISPUTED, VERIFIED, EXPORTED, APPROVED, CANCELLED = (
    "MADE", "COMPLETED", "CONFIRMED", "DISPUTED", "VERIFIED", "EXPORTED", "APPROVED", "CANCELLED",
)  # fmt: skip
CONFIRMED_OR_LATER = (CONFIRMED, VERIFIED, EXPORTED, APPROVED)
"""The student has agreed to what it says."""

MOVES = moves(
    "学籍",
    {
        MADE: "已生成",
        COMPLETED: "待本人确认",
        CONFIRMED: "本人已确认",
        DISPUTED: "本人报告有误",
        VERIFIED: "主管部门已核验",
        EXPORTED: "已上报全国系统",
        APPROVED: "全国系统已通过",
        CANCELLED: "已注销",
    },
    [
        move("complete", MADE, DISPUTED, to=COMPLETED, says="补充学籍信息"),
        move("confirm", COMPLETED, to=CONFIRMED, says="确认学籍无误"),
        move("dispute", COMPLETED, to=DISPUTED, says="报告学籍有误"),
        move("verify", CONFIRMED, to=VERIFIED, says="核验学籍"),
        move("export", VERIFIED, to=EXPORTED, says="上报全国系统"),
        move("approve", EXPORTED, to=APPROVED, says="全国系统通过"),
        move("refuse", EXPORTED, to=COMPLETED, says="全国系统退回"),
        move("cancel", MADE, COMPLETED, CONFIRMED, DISPUTED, VERIFIED, to=CANCELLED, says="注销学籍"),
    ],
)
