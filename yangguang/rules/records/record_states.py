"""The states of a record (学籍): created, completed, confirmed, verified, exported. (R8.01)"""

from yangguang.rules.base.state_machine import state_machine, transition

CREATED, COMPLETED, CONFIRMED, DISPUTED = "CREATED", "COMPLETED", "CONFIRMED", "DISPUTED"
VERIFIED, EXPORTED, APPROVED, CANCELLED = "VERIFIED", "EXPORTED", "APPROVED", "CANCELLED"
CONFIRMED_OR_LATER = (CONFIRMED, VERIFIED, EXPORTED, APPROVED)
"""The student has confirmed the record."""

TRANSITIONS = state_machine(
    "学籍",
    {
        CREATED: "已生成",
        COMPLETED: "待本人确认",
        CONFIRMED: "本人已确认",
        DISPUTED: "本人报告有误",
        VERIFIED: "主管部门已核验",
        EXPORTED: "已上报全国系统",
        APPROVED: "全国系统已通过",
        CANCELLED: "已注销",
    },
    [
        transition("complete", CREATED, DISPUTED, to=COMPLETED, label="补充学籍信息"),
        transition("confirm", COMPLETED, to=CONFIRMED, label="确认学籍无误"),
        transition("dispute", COMPLETED, to=DISPUTED, label="报告学籍有误"),
        transition("verify", CONFIRMED, to=VERIFIED, label="核验学籍"),
        transition("export", VERIFIED, to=EXPORTED, label="上报全国系统"),
        transition("approve", EXPORTED, to=APPROVED, label="全国系统通过"),
        transition("refuse", EXPORTED, to=COMPLETED, label="全国系统退回"),
        transition("cancel", CREATED, COMPLETED, CONFIRMED, DISPUTED, VERIFIED, to=CANCELLED, label="注销学籍"),
    ],
)
