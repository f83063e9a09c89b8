"""The kinds of seats within one plan line, and where seats go that nobody of a kind wants. (domain-rules §4)

| mode | may lend unused seats | may receive them | its people compete elsewhere in the line |
|---|---|---|---|
| AT_LEAST 不少于 | yes | yes | yes, in every bucket they are eligible for |
| EXACTLY 限定 | no | no | no |
| AT_MOST 不超过 | yes | no | no |

So "at least 30 from this city" is a floor under the group, "at most 20 from other provinces" a ceiling over
it, and a general bucket is AT_LEAST, too. A seat moves once: to `flows_to`, which comes later in the order of
priority, inside the line only.
"""

from dataclasses import dataclass

from yangguang.rules.base.labels import Labelled
from yangguang.rules.base.refusals import Refused


class Mode(Labelled):
    """What the number of seats of a bucket means for its group."""

    AT_LEAST = "at_least", "不少于"
    EXACTLY = "exactly", "限定"
    AT_MOST = "at_most", "不超过"

    @property
    def confines(self) -> bool:
        """Whether its people may be admitted to the line through this bucket only."""
        return self is not Mode.AT_LEAST


class Tie(Labelled):
    """Who gets the last seats when more people have the same score than seats are left."""

    ALL_WAIT = "all_wait", "末位同分者全部候补"
    LOTTERY = "lottery", "同分者按抽签号先后"


@dataclass(frozen=True, slots=True)
class Quota:
    """Seats of one kind.

    Args:
        code: name within the line, as wishes list it.
        seats: seats of its own, before any flow.
        priority: the smaller number is filled first; unique within the line.
        flows_to: code of the bucket that gets the seats nobody came for, or None when they stay empty.
        name: how a person calls it; by default its code.
    """

    code: str
    seats: int
    mode: Mode
    priority: int
    flows_to: str | None
    tie: Tie
    name: str = ""

    @property
    def said(self) -> str:
        return f"“{self.name or self.code}”"


@dataclass(frozen=True, slots=True)
class ProgrammeSeats:
    """All buckets of one plan line.

    Args:
        cap: most persons admitted to the whole line (sanction, new school), or None. It is carried out before
            the ranking: seats are struck from the bucket that is filled last, then the one before it.
        name: how a person calls it ("某校·某专业"); by default its number.
    """

    line: int
    buckets: tuple[Quota, ...]
    cap: int | None = None
    name: str = ""

    @property
    def said(self) -> str:
        return self.name or f"计划行{self.line}"

    @property
    def seats(self) -> int:
        """Sum of the buckets' own seats, before the cap."""
        return sum(bucket.seats for bucket in self.buckets)

    @property
    def in_order(self) -> tuple[Quota, ...]:
        """The buckets in the order in which they are filled."""
        return tuple(sorted(self.buckets, key=lambda bucket: bucket.priority))


def check_quotas(seats: ProgrammeSeats, where: str = "") -> None:
    """Let a line pass whose buckets make sense.

    Args:
        where: field or row of the form; it then also names the line in the sentence.

    Raises:
        Refused: no bucket, a negative number, a code or a priority used twice, or a flow that is not allowed.
    """
    name = where or seats.said
    if not seats.buckets:
        raise Refused(f"{name}没有任何名额类别", now="请至少设置一个类别", where=where)
    if seats.cap is not None and seats.cap < 0:
        raise Refused(
            f"{name}的录取上限为{seats.cap}，不能是负数", now="请改正上限，停止招生填 0", where=where
        )
    codes: dict[str, Quota] = {}
    priorities: dict[int, Quota] = {}
    for bucket in seats.buckets:
        if bucket.seats < 0:
            raise Refused(
                f"{name}{bucket.said}的名额为{bucket.seats}，不能是负数", now="请改正名额", where=where
            )
        if bucket.code in codes:
            raise Refused(f"{name}的类别{bucket.said}出现了两次", now="请合并为一个类别", where=where)
        if bucket.priority in priorities:
            raise Refused(
                f"{name}的{priorities[bucket.priority].said}和{bucket.said}顺序同为{bucket.priority}",
                why="先后顺序不同，录取结果可能不同，必须分明",
                now="请为每个类别设置不同的顺序",
                where=where,
            )
        codes[bucket.code] = bucket
        priorities[bucket.priority] = bucket
    for bucket in seats.buckets:
        if bucket.flows_to is not None:
            _check_flow(name, bucket, codes.get(bucket.flows_to), where)


def check_seat_total(seats: ProgrammeSeats, plan: int, capacity: int, where: str = "") -> None:
    """Let a line pass with capacity ≥ plan ≥ Σ buckets, all counted in persons. (domain-rules §4)

    Raises:
        Refused: naming the difference.
    """
    name = where or seats.said
    if plan > capacity:
        raise Refused(
            f"{name}的招生计划{plan}人超过办学容量{capacity}人，多{plan - capacity}人",
            now="请调减计划，或先办理容量变更",
            where=where,
        )
    if seats.seats > plan:
        raise Refused(
            f"{name}各类别名额合计{seats.seats}人，超过招生计划{plan}人，多{seats.seats - plan}人",
            now="请调减类别名额，使合计不超过计划",
            where=where,
        )


def _check_flow(name: str, giver: Quota, taker: Quota | None, where: str) -> None:
    """Let a flow pass that a mode allows and that runs down the order of priority."""
    flow = f"{name}{giver.said}的剩余名额"
    if taker is None:
        raise Refused(f"{flow}要流向“{giver.flows_to}”，但没有这个类别", now="请改为已有的类别", where=where)
    if giver.mode is Mode.EXACTLY:
        raise Refused(
            f"{flow}不能流出",
            why="方式为“限定”的类别，名额不流出",
            now="请改为“不少于”或“不超过”，或取消流向",
            where=where,
        )
    if taker.priority <= giver.priority:
        raise Refused(
            f"{flow}不能流向排在它前面的{taker.said}",
            why="名额按顺序只流动一次，先录的类别录完后不再回头",
            now="请调整顺序，或在最后另设一个 0 名额的类别接收",
            where=where,
        )
    if taker.mode.confines:
        raise Refused(
            f"{flow}不能流入{taker.said}",
            why=f"方式为“{taker.mode.label}”的类别，人数不能因流入而增加",
            now="请流向方式为“不少于”的类别，例如普通类",
            where=where,
        )
