"""One Chinese sentence for how a choice ended: own rank, seats, last rank admitted, rule. (F-N8)"""

from yangguang.rules.plans.quotas import Tie
from yangguang.rules.runs.matching_types import Barred, Reason, ReasonCode

# A parent reads "9 seats, the 22nd admitted" as a fraud unless told who stood between.
_BEYOND = "所有填报者一起排位，其中有人被更靠前的志愿录取或不占这类名额，所以位次大于名额数"
# One sentence whatever the case: two would tell which programmes are the small ones.
_KEPT_BACK = "录取人数少、没有录满等情形，不显示末位成绩"


def say_reason(reason: Reason, clause: str = "", *, is_kept_back: bool = False) -> str:
    """Say why this choice ended as it did.

    Args:
        reason: of one choice; without `last_score` where the rule does not let scores be shown.
        clause: the rule that decided, in words, with clause and source.
        is_kept_back: scores may be shown, but not this one: it could be known whose it is.
    """
    said = f"第{reason.rank}志愿：{_said(reason, is_kept_back)}"
    return f"{said}（依据：{clause}）。" if clause else f"{said}。"


def _said(reason: Reason, is_kept_back: bool) -> str:
    last = _last(reason, is_kept_back)
    seats = f"面向您的名额{reason.seats}个，{last}"
    own = f"您排第{reason.place}位"
    match reason.code:
        case ReasonCode.ADMITTED:
            return f"{seats}，{own}，已被录取"
        case ReasonCode.HIGHER_CHOICE_ADMITTED:
            return f"您已被更靠前的志愿录取，本志愿不再参加录取；{seats}，{own}"
        case ReasonCode.OUTRANKED:
            return f"{seats}，{own}，未达到录取位次"
        case ReasonCode.TIED_AT_CUTOFF:
            return f"{seats}，{own}，与您同分的人数超过剩余名额，按“{Tie.ALL_WAIT.label}”的规则一起候补"
        case ReasonCode.NO_SEATS:
            return f"面向您的名额为0个，{own}，未能录取"
        case ReasonCode.BARRED:
            barred = f"{_barred(reason.barred)}，没有参加排名"
            return f"{barred}；本专业普通名额{reason.seats}个，{last}" if reason.seats else barred


def _last(reason: Reason, is_kept_back: bool) -> str:
    if reason.last_place is None:
        return "没有人被录取"
    score = [f"总分{reason.last_score[0]}"] if reason.last_score else []
    notes = [_KEPT_BACK] if is_kept_back else score
    notes += [_BEYOND] if reason.last_place > reason.seats else []
    return f"录取到第{reason.last_place}位" + (f"（{'；'.join(notes)}）" if notes else "")


def _barred(code: str | None) -> str:
    """The Chinese reason behind a code; a reason that is already a sentence is said as it is."""
    return next((barred.label for barred in Barred if barred.value == code), code or "不符合报考条件")
