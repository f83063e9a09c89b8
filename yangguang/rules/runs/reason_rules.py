"""Which rule decided a reason: the key of its rule row, and plain words where no notice has a clause. (F-N8)

The clauses themselves stand in the rule rows alone.
"""

from typing import NamedTuple

from yangguang.rules.plans.quotas import Tie
from yangguang.rules.runs.matching_types import Barred, Reason, ReasonCode
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.policy_keys import AnyKey


class ReasonRule(NamedTuple):
    """The rule that decided.

    Args:
        plain: the words when no rule row has any.
        key: of the rule row, None where there is none.
        value: that the row must have to be what decided; plans drafted under an earlier row keep its choice.
    """

    plain: str
    key: AnyKey | None = None
    value: object = None


PLAN = ReasonRule("招生计划公布的招收条件")
"""Of a bar that is a sentence."""
ENDS = {
    ReasonCode.ADMITTED: ReasonRule("平台公布的录取规则", policy_keys.TIE_ORDER),
    ReasonCode.HIGHER_CHOICE_ADMITTED: ReasonRule("平台公布的录取规则：每人录取到自己能得到的最靠前的志愿"),
    ReasonCode.OUTRANKED: ReasonRule("平台公布的录取规则", policy_keys.TIE_ORDER),
    ReasonCode.TIED_AT_CUTOFF: ReasonRule(
        "招生计划定下的同分规则：末位同分者全部候补", policy_keys.EDGE_TIE, Tie.ALL_WAIT
    ),
    ReasonCode.NO_SEATS: ReasonRule("招生计划在本批次面向您的名额"),
}
BARS = {
    Barred.ORIGIN: ReasonRule("招生计划和本批次公布的招收对象", policy_keys.IMPORTED_ORIGINS),
    Barred.STUDY_FORM: ReasonRule("招生计划公布的办学形式和招收对象"),
    Barred.SCORE_FLOOR: ReasonRule("招生计划公布的最低分数要求", policy_keys.SCORE_FLOOR),
    Barred.STOPPED: ReasonRule("已公布的对该校的处理措施", policy_keys.MEASURES),
    Barred.HAS_SEAT: ReasonRule("一人一年只占一个名额，春季和秋季合在一起算"),
    Barred.QUARANTINE: ReasonRule("身份信息核查清楚以前不参加排名"),
    Barred.NO_QUOTA: ReasonRule("招生计划公布的名额类别"),
}
KEYS = tuple({rule.key.name: rule.key for rule in (*ENDS.values(), *BARS.values()) if rule.key}.values())
"""Every rule row a reason may cite."""


def find_reason_rule(reason: Reason) -> ReasonRule:
    """The rule that decided this reason; every code has one."""
    if reason.code is not ReasonCode.BARRED:
        return ENDS[reason.code]
    return next((rule for barred, rule in BARS.items() if barred.value == reason.barred), PLAN)
