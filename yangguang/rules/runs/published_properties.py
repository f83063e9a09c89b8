"""The ten published promises and how a finding on them is written down. (trust.md 2)"""

from dataclasses import dataclass
from typing import NamedTuple

from yangguang.rules.base.labels import Labelled
from yangguang.rules.runs.lottery import Hasher


class Property(Labelled):
    """The ten promises, in the words that are published."""

    P1 = "P1", "没有人被分数或抽签号更靠后的人挤占：同一类名额中，录取者都排在未录取者之前"
    P2 = (
        "P2",
        "还有符合条件的人在等，就没有空着的名额（末位同分放不下的，和限额学校分到各专业的限额之外的除外）",
    )
    P3 = "P3", "任何一类名额、任何一个计划行、任何一个录取上限都没有超过"
    P4 = "P4", "每人恰有一条结果，至多占一个名额"
    P5 = "P5", "只录取到本人填报的志愿，志愿序号相符"
    P6 = "P6", "只录取符合报考条件、属于该类名额招收对象的人"
    P7 = "P7", "停止招生的计划行没有录取任何人，限额招生的没有超过限额"
    P8 = "P8", "公布的种子与事先公布的承诺相符，每个抽签号都能复算"
    P9 = "P9", "本年度已占用名额的人没有再次被录取（春秋两季互斥）"
    P10 = "P10", "特殊教育专门编班的考生只在专门编班名额中录取，这些名额也只录取他们"


class PropertyState(Labelled):
    """What came out for one property."""

    HELD = "held", "成立"
    BROKEN = "broken", "不成立"
    UNCHECKED = "unchecked", "未检验"


class Violation(NamedTuple):
    """One broken promise. `line` or `number` is None when the whole round is concerned."""

    property: Property
    line: int | None
    number: str | None
    says: str


class PropertyVerdict(NamedTuple):
    """The finding on one property, with its published statement."""

    property: Property
    state: PropertyState
    statement: str
    violations: int


class Drawing(NamedTuple):
    """The lottery as it was opened: the seed, the hash published before the window closed, and an SM3 hasher."""

    seed: bytes
    commitment: str
    hasher: Hasher


@dataclass(frozen=True, slots=True)
class Report:
    """All verdicts in order, all violations, and the lines that must not be published."""

    verdicts: tuple[PropertyVerdict, ...]
    violations: tuple[Violation, ...]
    held_back: frozenset[int]

    @property
    def held(self) -> bool:
        """No property is broken. One that could not be checked is not broken, but `complete` is False then."""
        return not self.violations

    @property
    def complete(self) -> bool:
        return all(verdict.state is not PropertyState.UNCHECKED for verdict in self.verdicts)
