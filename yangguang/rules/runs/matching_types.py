"""Input and result of a ranked round as plain rows, without any algorithm.

`rules.runs.ranked_round` and `rules.runs.verification` share these rows and nothing else. They are named tuples
because a provincial round has millions of them.
"""

from typing import NamedTuple

from yangguang.rules.base.labels import Labelled


class ReasonCode(Labelled):
    """Why one choice ended as it did; every choice of every applicant has one. (F-N8)"""

    ADMITTED = "admitted", "录取"
    HIGHER_CHOICE_ADMITTED = "higher_choice_admitted", "已被更前的志愿录取"
    OUTRANKED = "outranked", "排名未到录取位次"
    BARRED = "barred", "不符合报考条件"
    TIED_AT_CUTOFF = "tied_at_cut", "末位同分，全部候补"
    NO_SEATS = "no_seats", "没有名额"


class Barred(Labelled):
    """Why a choice takes no part in the ranking; stored in `Choice.barred`."""

    ORIGIN = "origin", "生源类别不在招收范围"
    STUDY_FORM = "study_form", "生源类别不能选择该办学形式"
    SCORE_FLOOR = "score_floor", "未达到最低分数要求"
    STOPPED = "stopped", "学校已停止招生"
    HAS_SEAT = "has_seat", "本年度已占用一个名额"
    QUARANTINE = "quarantine", "身份信息正在核查"
    NO_QUOTA = "no_quota", "不属于该专业任何一类名额的招收对象"


class Choice(NamedTuple):
    """One choice of an applicant.

    Args:
        programme: its number.
        score: total first, then the named subjects in order; compared from the left, higher is better.
        lottery: draw of the application (`lottery.draw`), smaller is better; "" in a round without lottery.
        quotas: codes of the quotas the applicant is eligible for; those the programme does not have are ignored.
        barred: a `Barred` value, or None when the applicant may be ranked there.
    """

    programme: int
    score: tuple[int, ...]
    lottery: str
    quotas: frozenset[str] | tuple[str, ...]
    barred: str | None = None


class Applicant(NamedTuple):
    """One application with its choices in order of choice."""

    number: str
    choices: tuple[Choice, ...]


class Reason(NamedTuple):
    """Why one choice ended as it did.

    Args:
        rank: which choice it was, from 1.
        place: rank among all eligible applicants who chose the programme, None when barred. Where a lottery breaks
            ties it is part of the rank, elsewhere equal scores share a place.
        seats: final seats of the quotas the applicant is eligible for.
        last_place, last_score: of the last applicant admitted to them, None when there is none.
        barred: why the applicant was not ranked, when `code` is BARRED.
    """

    rank: int
    programme: int
    code: ReasonCode
    place: int | None
    seats: int
    last_place: int | None
    last_score: tuple[int, ...] | None
    barred: str | None = None


class Placement(NamedTuple):
    """The admission of one applicant, or None three times, with a reason for every choice in order."""

    number: str
    rank: int | None
    programme: int | None
    quota: str | None
    reasons: tuple[Reason, ...] = ()


class Cutoff(NamedTuple):
    """The last admission of a quota. `seats` after cap and moves; `applicants`: eligible ones who chose it."""

    programme: int
    quota: str
    seats: int
    admitted: int
    applicants: int
    last_place: int | None
    last_score: tuple[int, ...] | None


class Flow(NamedTuple):
    """Unused seats of a quota that moved to another one of the same programme."""

    programme: int
    giver: str
    taker: str
    seats: int


class Outcome(NamedTuple):
    """Placements by number, cutoffs and flows by programme and priority."""

    placements: tuple[Placement, ...]
    cutoffs: tuple[Cutoff, ...]
    flows: tuple[Flow, ...]
