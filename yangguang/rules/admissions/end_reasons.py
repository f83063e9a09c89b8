"""Why an admission or an offer is as it is, as a code with a sentence its student can read. (R6.01)"""

from yangguang.rules.base.labels import Labelled


class Ending(Labelled):
    """What is kept in the `reason` of an admission or an offer; who caused it stands beside."""

    SILENCE_ACCEPTED = "silence_accepted", "逾期未应答，按规则视为接受"
    SILENCE_DECLINED = "silence_declined", "逾期未应答，按规则视为放弃"
    ABSENT = "absent", "报到结束仍未报到"
    ASKED_OUT = "asked_out", "本人申请退录，期满生效"
    SCHOOL_AGREED = "school_agreed", "本人申请退录，学校没有异议"
    MOVED_UP = "moved_up", "本人接受了候补递补的更靠前志愿"
    TRANSFERRED = "transferred", "本人换录到其他专业"
    ELSEWHERE = "elsewhere", "本人选择外校，重复学籍裁定"
    FROM_LIST = "from_list", "候补递补录取"
    AUTOMATIC = "automatic", "按本人设定的自动应答"
    LIST_ENDED = "list_ended", "候补结束，保留已有的录取"
    LEFT_LIST = "left_list", "本人退出了本批次的候补"
    OTHER_SEAT = "other_seat", "本人已占用另一个名额"


def say_ending(code: str) -> str:
    """The sentence of a code; a text kept before there were codes is said as it is."""
    return Ending(code).label if code in {one.value for one in Ending} else code
