"""What goes into a ranked run and what comes out, as plain rows; holds no algorithm.

Both `rules.runs.matching` and `rules.runs.verification` read these rows and share nothing else. They are named tuples,
because a provincial run makes millions of them.
"""

from typing import NamedTuple

from yangguang.rules.base.labels import Labelled


class ReasonCode(Labelled):
    """Why one choice ended as it did; every choice of every applicant has one. (product.md N8)"""

    ADMITTED = "admitted", "录取"
    HIGHER_CHOICE_ADMITTED = "higher_choice_admitted", "已被更前的志愿录取"
    OUTRANKED = "outranked", "排名未到录取位次"
    BARRED = "barred", "不符合报考条件"
    TIED_AT_CUT = "tied_at_cut", "末位同分，全部候补"
    NO_SEATS = "no_seats", "没有名额"


class Barred(Labelled):
    """Why a wish takes no part in the ranking; stored in `Choice.barred`."""

    ORIGIN = "origin", "生源类别不在招收范围"
    STUDY_FORM = "study_form", "生源类别不能选择该办学形式"
    SCORE_FLOOR = "score_floor", "未达到最低分数要求"
    STOPPED = "stopped", "学校已停止招生"
    HAS_SEAT = "has_seat", "本年度已占用一个名额"
    QUARANTINE = "quarantine", "身份信息正在核查"
    NO_BUCKET = "no_bucket", "不属于该专业任何一类名额的招收对象"


class Choice(NamedTuple):
    """One choice.

    Args:
        line: the plan line.
        score: total first, then the named subjects in order; compared from the left, higher is better.
        lottery: draw of the application (`lottery.draw`), smaller is better; "" in a round without lottery.
        buckets: kinds of seats the person is eligible for; codes the line does not have are ignored.
        barred: a `Barred` value, or None when the person may be ranked there.
    """

    line: int
    score: tuple[int, ...]
    lottery: str
    buckets: frozenset[str] | tuple[str, ...]
    barred: str | None = None


class Applicant(NamedTuple):
    """One application with its wishes in order of choice."""

    number: str
    wishes: tuple[Choice, ...]


class Reason(NamedTuple):
    """The answer to one choice.

    Args:
        rank: which choice it was, from 1.
        place: own rank among all eligible who named the line, None when barred. Where a lottery decides it is
            part of the rank, elsewhere equal scores share one.
        seats: seats after the flow in the buckets this person could be admitted through.
        last_place, last_score: of the last one admitted there, None when nobody was.
        barred: why the person was not ranked, when `code` is BARRED.
    """

    rank: int
    line: int
    code: ReasonCode
    place: int | None
    seats: int
    last_place: int | None
    last_score: tuple[int, ...] | None
    barred: str | None = None


class Placement(NamedTuple):
    """The seat of one applicant, or None three times, with a reason for every choice in order."""

    number: str
    rank: int | None
    line: int | None
    bucket: str | None
    reasons: tuple[Reason, ...] = ()


class Cutoff(NamedTuple):
    """Where a bucket ended. `seats` after cap and flow; `applicants` = eligible persons who named it."""

    line: int
    bucket: str
    seats: int
    admitted: int
    applicants: int
    last_place: int | None
    last_score: tuple[int, ...] | None


class Flow(NamedTuple):
    """Seats that nobody of the giving bucket came for, moved once inside the line."""

    line: int
    giver: str
    taker: str
    seats: int


class Outcome(NamedTuple):
    """Placements by number, cuts and flows by line and priority."""

    placements: tuple[Placement, ...]
    cuts: tuple[Cutoff, ...]
    flows: tuple[Flow, ...]
