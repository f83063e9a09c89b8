"""What an older page said beside what was saved since, so that neither is lost without a word. (F-I6)"""

from collections.abc import Mapping
from dataclasses import dataclass

NOTHING = "没有"


@dataclass(frozen=True, slots=True)
class Difference:
    """One line on which the sides differ.

    Args:
        before: when the page was opened. saved: stored since then. typed: typed on the page.
    """

    label: str
    before: str
    saved: str
    typed: str

    @property
    def is_clash(self) -> bool:
        """Whether both sides changed it, to different values."""
        return self.before != self.saved != self.typed != self.before


def list_differences(before: Mapping[str, str], saved: Mapping[str, str], typed: Mapping[str, str]) -> list[Difference]:
    """The lines, in order, on which not all three say the same; a missing line says 没有."""
    labels = dict.fromkeys([*before, *typed, *saved])
    lines = (Difference(label, *(side.get(label, NOTHING) for side in (before, saved, typed))) for label in labels)
    return [line for line in lines if not line.before == line.saved == line.typed]
