"""What a decided measure does, computed: label, registrations cap, plan cut, stop.
(S23-2.02, S23-2.03, S24-4.05, R10.02)

A stop in mid-round ends nothing that was promised: live claims of students stay valid, no new ones are made, and
those who named the school may choose again.
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
        return self in (Measure.CAP, Measure.SHRINK)


@dataclass(frozen=True, slots=True)
class Decided:
    """One decided measure, in force in [starts, ends); `ends` None is until further notice."""

    measure: Measure
    says: str
    number: int | None
    starts: datetime
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class Effects:
    """What all measures in force against one school come to.

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


def effects(measures: Iterable[Decided], at: datetime) -> Effects:
    """The effects of `measures` at `at`; of two caps the lower one counts."""
    held = [m for m in measures if m.starts <= at and (m.ends is None or at < m.ends)]
    order = list(Measure)
    held.sort(key=lambda m: (-order.index(m.measure), m.starts, m.says))
    stopped = any(m.measure is Measure.STOP for m in held)

    def lowest(measure: Measure) -> int | None:
        return min((m.number for m in held if m.measure is measure and m.number is not None), default=None)

    return Effects(
        labels=tuple((m.measure, m.says) for m in held),
        registrations_cap=0 if stopped else lowest(Measure.CAP),
        plan_cap=0 if stopped else lowest(Measure.SHRINK),
        takes_new=not stopped,
        gives_free_choice=stopped,
    )
