"""The effects of decided measures: warning, cap on registrations, cap on the plan, stop.
(S23-2.02, S23-2.03, S24-4.05, R10.02)

A stop during a round leaves the claims of students valid; no new ones are made, and students who named the school
may choose again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from yangguang.rules.base.labels import Labelled


class Measure(Labelled):
    """处理措施, mildest first."""

    WARN = "WARN", "警示标注"
    CAP = "CAP", "限制报名人数"
    SHRINK = "SHRINK", "压缩招生计划"
    STOP = "STOP", "停止招生"

    @property
    def takes_number(self) -> bool:
        """Whether the measure has a limit in persons."""
        return self in (Measure.CAP, Measure.SHRINK)


@dataclass(frozen=True, slots=True)
class DecidedMeasure:
    """One measure in force.

    Args:
        sentence: published on the school's pages. number: limit in persons, or None.
    """

    measure: Measure
    sentence: str
    number: int | None
    starts: datetime


@dataclass(frozen=True, slots=True)
class Effects:
    """The effects of all measures in force against one school.

    Args:
        labels: (measure, published sentence) for every public page, severest first.
        registrations_cap: most applicants who may name the school, or None.
        plan_cap: most persons in its plan, or None.
        takes_new: False when no new choice, claim or programme of the school is accepted.
        gives_free_choice: True when those who named it may choose again outside the limit.
    """

    labels: tuple[tuple[Measure, str], ...] = ()
    registrations_cap: int | None = None
    plan_cap: int | None = None
    takes_new: bool = True
    gives_free_choice: bool = False


NONE = Effects()


def effects_of(measures: Iterable[DecidedMeasure]) -> Effects:
    """The effects of the measures in force; of two caps the lower one counts."""
    severity = list(Measure).index
    in_force = sorted(measures, key=lambda m: (-severity(m.measure), m.starts, m.sentence))
    is_stopped = any(m.measure is Measure.STOP for m in in_force)

    def lowest(measure: Measure) -> int | None:
        numbers = (m.number for m in in_force if m.measure is measure and m.number is not None)
        return 0 if is_stopped else min(numbers, default=None)

    return Effects(
        labels=tuple((m.measure, m.sentence) for m in in_force),
        registrations_cap=lowest(Measure.CAP),
        plan_cap=lowest(Measure.SHRINK),
        takes_new=not is_stopped,
        gives_free_choice=is_stopped,
    )
