"""Which rule decided a reason: the key of its rule row, and plain words where no notice has a clause. (F-N8)

A reason without the rule behind it cannot be disputed, and one with another rule's clause is worse than none.
Nothing here is a clause: clauses stand in the rule rows alone.
"""

from typing import NamedTuple

from yangguang.rules.runs.matching_types import Barred, Reason, ReasonCode


class Ground(NamedTuple):
    """What decided.

    Args:
        plain: what is named when no rule row says it; key: of the rule row, "" where there is none.
        lead: words before the row, where it is a part of what decided.
    """

    plain: str
    key: str = ""
    lead: str = ""


PLAN = Ground("招生计划公布的招收条件")
"""Of a bar that is a sentence of its own."""
ENDS = {
    ReasonCode.ADMITTED: Ground("平台公布的录取规则", "round.tie_order"),
    ReasonCode.HIGHER_CHOICE_ADMITTED: Ground("平台公布的录取规则：每人录取到自己能得到的最靠前的志愿"),
    ReasonCode.OUTRANKED: Ground("平台公布的录取规则", "round.tie_order"),
    ReasonCode.TIED_AT_CUTOFF: Ground("招生计划为这类名额选定的同分规则", "round.edge_tie"),
    ReasonCode.NO_SEATS: Ground("招生计划在本批次面向您的名额"),
}
BARS = {
    Barred.ORIGIN: Ground("招生计划和本批次公布的招收对象", "imported.origins"),
    Barred.STUDY_FORM: Ground("招生计划公布的办学形式和招收对象"),
    Barred.SCORE_FLOOR: Ground("招生计划公布的最低分数要求", "imported.score_floor"),
    Barred.STOPPED: Ground("已公布的对该校的处理措施", "sanction.measures"),
    Barred.HAS_SEAT: Ground("一人一年只占一个名额", "seat.spring_blocks_autumn", "一人一年只占一个名额，包括"),
    Barred.QUARANTINE: Ground("身份信息核查清楚以前不参加排名"),
    Barred.NO_QUOTA: Ground("招生计划公布的名额类别"),
}
KEYS = tuple(sorted({ground.key for ground in (*ENDS.values(), *BARS.values()) if ground.key}))
"""Every rule row a reason may cite."""


def ground_of(reason: Reason) -> Ground:
    """What decided this reason; every code has one."""
    if reason.code is not ReasonCode.BARRED:
        return ENDS[reason.code]
    return next((ground for barred, ground in BARS.items() if barred.value == reason.barred), PLAN)
