"""Finding the unit a table means: exact names only, and the nearest one to suggest. (S24-A1.02)"""

import difflib
from collections.abc import Mapping

COLLECTIVE_ROWS = frozenset({"其他学校"})
"""Rows that stand for the schools too small to be listed (S24-A1.04)."""

_NEAR = 0.5


def nearest(name: str, known: Mapping[str, str], spelling: str = "") -> str | None:
    """The known name most like `name`, or None when none is near; the first of equals in sorted order.

    Args:
        known: name → pinyin. spelling: pinyin of `name`; most slips are homophones (新蜜市 for 新密市).
    """
    ordered = sorted(known)
    # A short form of an area's name ("郑州" for 郑州市) counts before any likeness of letters.
    begins = [other for other in ordered if len(name) >= 2 and other.startswith(name)]
    if begins:
        return min(begins, key=len)
    scores = {other: (_alike(name, other), _alike(spelling, known[other])) for other in ordered}
    near = [other for other in ordered if scores[other][0] >= _NEAR]
    return max(near, key=lambda other: sum(scores[other]), default=None)


def _alike(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio() if one and other else 0.0
