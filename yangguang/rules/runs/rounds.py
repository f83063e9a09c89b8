"""The kinds of rounds, and what a missing answer means in them. (R3.01)"""

from yangguang.rules.base.labels import Labelled


class RoundKind(Labelled):
    """How a round allocates its seats."""

    RANKED = "ranked", "集中录取"
    DIRECT = "direct", "免试注册"
    SUPPLEMENTARY_RANKED = "supplementary_ranked", "补录（按志愿）"
    SUPPLEMENTARY_DIRECT = "supplementary_direct", "补录（注册）"
    IMPORTED = "imported", "考试机构录取"
    TRANSFER = "transfer", "换录"


class Silence(Labelled):
    """What happens to an admission that the student has not answered in time."""

    ACCEPT = "accept", "视为接受"
    DECLINE = "decline", "视为放弃"
    HOLD = "hold", "保留至报到结束"


RANKING = frozenset({RoundKind.RANKED, RoundKind.SUPPLEMENTARY_RANKED})
"""Rounds with ordered lists of choices and a matching run; the time of submission has no influence."""

ONLY_WITHOUT_SEAT = frozenset({RoundKind.SUPPLEMENTARY_RANKED, RoundKind.SUPPLEMENTARY_DIRECT})
"""Rounds that offer the remaining seats to persons who have none."""
