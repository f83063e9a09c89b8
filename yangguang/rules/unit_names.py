"""Finding the unit a table means: exact names only, and the nearest one to suggest. ([S24] 附件1)"""

import difflib
from collections.abc import Iterable

COLLECTIVE_ROWS = frozenset({"其他学校"})
"""Rows that stand for the schools too small to be listed ([S24] 附件1 注（一）)."""


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The known name most like `name`, or None when none is near; the first of equals in sorted order."""
    ordered = sorted(set(names))
    # A short form of an area's name ("郑州" for 郑州市) counts before any likeness of letters.
    begins = [known for known in ordered if len(name) >= 2 and known.startswith(name)]
    if begins:
        return min(begins, key=len)
    found = difflib.get_close_matches(name, ordered, n=1, cutoff=0.5)
    return found[0] if found else None
