"""The quotas of a programme: what each mode means, and where unused seats move. (R4.04)

| mode | may give unused seats | may receive them | its applicants compete for other quotas of the programme |
|---|---|---|---|
| AT_LEAST 不少于 | yes | yes | yes, for every quota they are eligible for |
| EXACTLY 限定 | no | no | no |
| AT_MOST 不超过 | yes | no | no |

"At least 30 from this city" is a lower bound for the group, "at most 20 from other provinces" an upper bound; a
general quota is AT_LEAST, too. A seat moves once, to the quota `flows_to` of the same programme, which comes later
in the order of priority.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations

from yangguang.rules.base.labels import Labelled
from yangguang.rules.base.refusals import Refused


class Mode(Labelled):
    """What the number of seats of a quota means for the applicants eligible for it."""

    AT_LEAST = "at_least", "不少于"
    EXACTLY = "exactly", "限定"
    AT_MOST = "at_most", "不超过"

    @property
    def confines(self) -> bool:
        """Whether applicants eligible for the quota can be admitted to the programme through this quota only."""
        return self is not Mode.AT_LEAST


class Tie(Labelled):
    """Who is admitted when more applicants have the same score than seats remain."""

    ALL_WAIT = "all_wait", "末位同分者全部候补"
    LOTTERY = "lottery", "同分者按抽签号先后"


@dataclass(frozen=True, slots=True)
class Quota:
    """A share of the seats of a programme.

    Args:
        code: name within the programme, as choices list it.
        seats: number of seats, before any of them move.
        priority: the smaller number is filled first; unique within the programme.
        flows_to: code of the quota that receives the unused seats, or None when they stay empty.
        name: label on screens; by default its code.
    """

    code: str
    seats: int
    mode: Mode
    priority: int
    flows_to: str | None
    tie: Tie
    name: str = ""

    @property
    def display_name(self) -> str:
        return f"“{self.name or self.code}”"


@dataclass(frozen=True, slots=True)
class ProgrammeSeats:
    """The quotas of one programme.

    Args:
        cap: most admissions to the whole programme (sanction, new school), or None. Seats above it are removed
            before the matching, from the quota filled last, then from the one before it.
        name: label on screens ("某校·某专业"); by default its number.
    """

    programme: int
    quotas: tuple[Quota, ...]
    cap: int | None = None
    name: str = ""

    @property
    def display_name(self) -> str:
        return self.name or f"计划行{self.programme}"

    @property
    def seats(self) -> int:
        """Sum of the quotas' seats, before the cap."""
        return sum(quota.seats for quota in self.quotas)

    @property
    def by_priority(self) -> tuple[Quota, ...]:
        """The quotas in the order in which they are filled."""
        return tuple(sorted(self.quotas, key=lambda quota: quota.priority))

    def find_eligible(self, codes: Collection[str]) -> tuple[Quota, ...]:
        """The quotas that are among `codes`, by priority."""
        return tuple(quota for quota in self.by_priority if quota.code in codes)


def has_conflict(quotas: Sequence[Quota]) -> bool:
    """Whether an applicant eligible for all of `quotas` would be confined to one of them only."""
    return len(quotas) > 1 and any(quota.mode.confines for quota in quotas)


def check_quotas(seats: ProgrammeSeats, where: str = "") -> None:
    """Raise Refused unless the quotas of a programme fit together.

    Args:
        where: field or row of the form, which the sentence names instead of the programme.

    Raises:
        Refused: no quota, a negative number, a code or a priority used twice, or a flow that is not allowed.
    """
    name = where or seats.display_name
    if not seats.quotas:
        raise Refused(f"{name}没有任何名额类别", now="请至少设置一个类别", where=where)
    if seats.cap is not None and seats.cap < 0:
        raise Refused(f"{name}的录取上限为{seats.cap}，不能是负数", now="请改正上限，停止招生填 0", where=where)
    for quota in seats.quotas:
        if quota.seats < 0:
            raise Refused(f"{name}{quota.display_name}的名额为{quota.seats}，不能是负数", now="请改正名额", where=where)
    for one, other in combinations(seats.quotas, 2):
        if one.code == other.code:
            raise Refused(f"{name}的类别{one.display_name}出现了两次", now="请合并为一个类别", where=where)
        if one.priority == other.priority:
            what = f"{name}的{one.display_name}和{other.display_name}顺序同为{one.priority}"
            why = "先后顺序不同，录取结果可能不同，必须分明"
            raise Refused(what, why=why, now="请为每个类别设置不同的顺序", where=where)
    by_code = {quota.code: quota for quota in seats.quotas}
    for quota in seats.quotas:
        if quota.flows_to is not None:
            _check_flow(name, quota, by_code.get(quota.flows_to), where)


def _check_flow(name: str, giver: Quota, taker: Quota | None, where: str) -> None:
    """Raise Refused unless the modes allow seats to move from `giver` to `taker`, which must come later in priority."""
    flow = f"{name}{giver.display_name}的剩余名额"
    if taker is None:
        raise Refused(f"{flow}要流向“{giver.flows_to}”，但没有这个类别", now="请改为已有的类别", where=where)
    if giver.mode is Mode.EXACTLY:
        why, now = "方式为“限定”的类别，名额不流出", "请改为“不少于”或“不超过”，或取消流向"
        raise Refused(f"{flow}不能流出", why=why, now=now, where=where)
    if taker.priority <= giver.priority:
        raise Refused(
            f"{flow}不能流向排在它前面的{taker.display_name}",
            why="名额按顺序只流动一次，先录的类别录完后不再回头",
            now="请调整顺序，或在最后另设一个 0 名额的类别接收",
            where=where,
        )
    if taker.mode.confines:
        why = f"方式为“{taker.mode.label}”的类别，人数不能因流入而增加"
        now = "请流向方式为“不少于”的类别，例如普通类"
        raise Refused(f"{flow}不能流入{taker.display_name}", why=why, now=now, where=where)
