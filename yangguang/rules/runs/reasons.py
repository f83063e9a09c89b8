"""One Chinese sentence for how a choice ended: own rank, seats, last rank admitted, rule. (F-N8)"""

from yangguang.rules.plans.quotas import Tie
from yangguang.rules.runs.matching_types import Barred, Reason, ReasonCode

# Without this note, "9 seats, the 22nd admitted" looks like a fraud.
_BEYOND = "所有填报者一起排位，其中有人被更靠前的志愿录取或不占这类名额，所以位次大于名额数"
# One sentence for all cases: two would show which programmes are small.
_WITHHELD = "录取人数少、没有录满等情形，不显示末位成绩"


def format_reason(reason: Reason, clause: str = "", *, is_withheld: bool = False) -> str:
    """The sentence why this choice ended as it did.

    Args:
        reason: of one choice; without `last_score` where the rule does not allow scores.
        clause: the rule that decided, in words, with clause and source.
        is_withheld: scores are allowed, but this one would identify an applicant.
    """
    basis = f"（依据：{clause}）" if clause else ""
    return f"第{reason.rank}志愿：{_format_end(reason, _format_last(reason, is_withheld=is_withheld))}{basis}。"


def _format_end(reason: Reason, last: str) -> str:
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
            barred = f"{_format_bar(reason.barred)}，没有参加排名"
            return f"{barred}；本专业普通名额{reason.seats}个，{last}" if reason.seats else barred


def _format_last(reason: Reason, *, is_withheld: bool) -> str:
    if reason.last_place is None:
        return "没有人被录取"
    score = [f"总分{reason.last_score[0]}"] if reason.last_score else []
    notes = [_WITHHELD] if is_withheld else score
    notes += [_BEYOND] if reason.last_place > reason.seats else []
    return f"录取到第{reason.last_place}位" + (f"（{'；'.join(notes)}）" if notes else "")


def _format_bar(code: str | None) -> str:
    """The Chinese reason behind a code; a reason that is a sentence already stays."""
    return next((barred.label for barred in Barred if barred.value == code), code or "不符合报考条件")
