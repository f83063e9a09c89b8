"""Why an admission or an offer ended or was made, as a code with a sentence for its student. (R6.01)"""

from yangguang.rules.base.labels import Labelled


class EndReason(Labelled):
    """The code stored in `reason` of an admission or an offer; `cause` beside it is who caused the change."""

    SILENCE_ACCEPTED = "silence_accepted", "逾期未应答，按规则视为接受"
    SILENCE_DECLINED = "silence_declined", "逾期未应答，按规则视为放弃"
    ABSENT = "absent", "报到结束仍未报到"
    WITHDRAWN = "asked_out", "本人申请退录，期满生效"
    WITHDRAWN_BY_CONSENT = "school_agreed", "本人申请退录，学校没有异议"
    MOVED_UP = "moved_up", "本人接受了候补递补的更靠前志愿"
    TRANSFERRED = "transferred", "本人换录到其他专业"
    ENROLLED_ELSEWHERE = "elsewhere", "本人选择外校，重复学籍裁定"
    FROM_WAITING_LIST = "from_list", "候补递补录取"
    STANDING_ANSWER = "automatic", "按本人设定的自动应答"
    LIST_ENDED = "list_ended", "候补结束，保留已有的录取"
    LEFT_LIST = "left_list", "本人退出了本批次的候补"
    OTHER_SEAT = "other_seat", "本人已占用另一个名额"


def describe_end_reason(code: str) -> str:
    """The sentence of a code; any other text is returned unchanged."""
    return EndReason(code).label if code in {reason.value for reason in EndReason} else code
