"""The names of units in tables: only an exact name identifies a unit; the nearest one is suggested. (S24-A1.02)"""

import difflib
from collections.abc import Mapping

COLLECTIVE_ROWS = frozenset({"其他学校"})
"""Rows that sum up the schools too small to be listed. (S24-A1.04)"""

_SIMILAR = 0.5


def find_nearest(name: str, known: Mapping[str, str], spelling: str = "") -> str | None:
    """The known name most similar to `name`, or None when none is similar; of equals the first in sorted order.

    Args:
        known: name → pinyin. spelling: pinyin of `name`; most slips are homophones (新蜜市 for 新密市).
    """
    ordered = sorted(known)
    # A short form of an area's name ("郑州" for 郑州市) comes before any similar spelling.
    longer = [other for other in ordered if len(name) >= 2 and other.startswith(name)]
    if longer:
        return min(longer, key=len)
    scores = {other: (_similarity(name, other), _similarity(spelling, known[other])) for other in ordered}
    near = [other for other in ordered if scores[other][0] >= _SIMILAR]
    return max(near, key=lambda other: sum(scores[other]), default=None)


def _similarity(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio() if one and other else 0.0
