"""The ten published properties of a result, and the report on them. (T1.02)"""

from dataclasses import dataclass
from typing import NamedTuple

from yangguang.rules.base.labels import Labelled
from yangguang.rules.runs.lottery import Hasher


class Property(Labelled):
    """The ten properties, in the published words."""

    P1 = "P1", "没有人被分数或抽签号更靠后的人挤占：同一类名额中，录取者都排在未录取者之前"
    P2 = ("P2", "还有符合条件的人在等，就没有空着的名额（末位同分放不下的，和限额学校分到各专业的限额之外的除外）")
    P3 = "P3", "任何一类名额、任何一个计划行、任何一个录取上限都没有超过"
    P4 = "P4", "每人恰有一条结果，至多占一个名额"
    P5 = "P5", "只录取到本人填报的志愿，志愿序号相符"
    P6 = "P6", "只录取符合报考条件、属于该类名额招收对象的人"
    P7 = "P7", "停止招生的计划行没有录取任何人，限额招生的没有超过限额"
    P8 = "P8", "公布的种子与事先公布的承诺相符，每个抽签号都能复算"
    P9 = "P9", "本年度已占用名额的人没有再次被录取（春秋两季互斥）"
    P10 = "P10", "特殊教育专门编班的考生只在专门编班名额中录取，这些名额也只录取他们"


ONE_SEAT = f"录取规则“十项保证”第{Property.P4.value[1:]}、{Property.P9.value[1:]}项：一人一席"
"""The published promises that a person takes one seat a year, as a refusal cites them."""


class PropertyState(Labelled):
    """The result of checking one property."""

    HOLDS = "held", "成立"
    BROKEN = "broken", "不成立"
    UNCHECKED = "unchecked", "未检验"


class Violation(NamedTuple):
    """One case in which a property does not hold; `programme` and `number` are None for the whole round."""

    property: Property
    programme: int | None
    number: str | None
    sentence: str


class PropertyVerdict(NamedTuple):
    """The result for one property, with its published statement and the number of violations."""

    property: Property
    state: PropertyState
    statement: str
    violations: int


class Drawing(NamedTuple):
    """The opened lottery: seed, commitment published before the window closed, and the SM3 function."""

    seed: bytes
    commitment: str
    hasher: Hasher


@dataclass(frozen=True, slots=True)
class Report:
    """All verdicts in order, all violations, and the programmes that may not be published."""

    verdicts: tuple[PropertyVerdict, ...]
    violations: tuple[Violation, ...]
    withheld: frozenset[int]

    @property
    def is_valid(self) -> bool:
        """Whether no property is broken; one that could not be checked is not broken, but not `is_complete`."""
        return not self.violations

    @property
    def is_complete(self) -> bool:
        return all(verdict.state is not PropertyState.UNCHECKED for verdict in self.verdicts)
