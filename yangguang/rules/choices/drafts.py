"""The version of a list of choices: another one with every saved draft and every submission. (F-B3)"""

from collections.abc import Sequence
from datetime import datetime


def draft_version(choices_version: int, drafted_at: datetime | None, programmes: Sequence[int]) -> str:
    """What a page that shows the list carries.

    Args:
        choices_version: number of the newest submitted version. drafted_at: when the draft was saved, None without one.
        programmes: of the draft (row ids, in order of choice).
    """
    draft = "none" if drafted_at is None else "-".join(str(programme) for programme in programmes)
    return f"{choices_version}.{draft}"
