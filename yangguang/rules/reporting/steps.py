"""The steps of a count of persons: what each one means, and the key that names a number. (R9.01, R9.02)"""

from dataclasses import dataclass

from yangguang.rules.base.labels import Labelled


class Step(Labelled):
    """How far a person has come in a season; each step includes the ones after it, but for `COUNTED`.

    `COUNTED` is what forms, targets and rates count: checked in, and in no open duplicate case. (R5.05)
    """

    REGISTERED = "registered", "报名"
    CHOSEN = "chosen", "填报志愿"
    ADMITTED = "admitted", "录取"
    ANSWERED = "answered", "应答"
    CHECKED_IN = "checked_in", "报到"
    COUNTED = "counted", "计入完成"
    RECORDED = "recorded", "省级学籍"
    CONFIRMED = "confirmed", "本人确认"


@dataclass(frozen=True, slots=True)
class CountKey:
    """What one number counts: two numbers with the same key are the same number, on every page and in every file.

    Args:
        step: a step of persons, or what else is counted ("seats", "free", "target", "rate").
        scope: how persons belong to the area: "home" by 户籍, "school" by the school that admitted them, "target" by
            the school and only those in the scope of its target; of seats, "open" without those of dedicated classes
            and "all" with them.
        area: code of the unit.
        programme_type, sector: "" for all.
        period: the year, or the season as "2024-AUTUMN".
    """

    period: str
    step: str
    scope: str
    area: str
    programme_type: str = ""
    sector: str = ""

    def __str__(self) -> str:
        parts = (self.period, self.step, self.scope, self.area, self.programme_type or "*", self.sector or "*")
        return ":".join(parts)
