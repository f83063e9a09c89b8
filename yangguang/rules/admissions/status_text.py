"""The stage of a student in one phrase, whichever way they came: choices, registration, the exam board.
(R6.01, R9.01)
"""

from datetime import datetime

from yangguang.rules.admissions import admission_states
from yangguang.rules.admissions.admission_states import ABSENT, ACCEPTED, CHECKED_IN, LIVE, OFFERED, WAITING
from yangguang.rules.applicants import application_states
from yangguang.rules.seasons.rounds import RoundKind
from yangguang.rules.seasons.windows import format_closing, format_instant

DIRECT = frozenset({RoundKind.DIRECT, RoundKind.SUPPLEMENTARY_DIRECT})
"""Rounds in which the student's own registration is the acceptance."""

HELD = (*LIVE, ABSENT)
_NOT_YET = {"DIRECT": "已报名·未注册", "EXAM_BOARD": "已报名·待考试机构录取结果"}
_WITH_SEAT = {OFFERED: "待应答", ACCEPTED: "已接受", WAITING: "候补更高志愿"}


def say_stage(
    state: str, track: str, admission: str | None = None, kind: RoundKind | None = None
) -> tuple[str, str]:
    """The state whose look it has, and the words.

    Args:
        state, track: of the application. admission, kind: state and round of the admission that counts, if any.
    """
    own = application_states.TRANSITIONS.states[state]
    if state == application_states.REGISTERED:
        own = _NOT_YET.get(track, own)
    if admission is None or kind is None:
        return state, own
    ended = admission_states.TRANSITIONS.states[admission]
    if admission not in HELD:
        return state, f"{own}（前次录取{ended}）"
    if admission in (CHECKED_IN, ABSENT):
        return admission, ended
    if kind in DIRECT:
        return admission, "已注册录取"
    got = "已定录取" if kind is RoundKind.IMPORTED else "已录取"
    return admission, f"{got}·{_WITH_SEAT[admission]}"


def say_answer(state: str, kind: RoundKind, answer_by: datetime | None, answered_at: datetime | None) -> str:
    """Until when an admission can be answered, or that it need not or can no longer be."""
    if kind in DIRECT:
        return "注册即接受，不用再应答"
    if answered_at is not None:
        return f"{format_instant(answered_at)}已应答"
    if state == OFFERED:
        return format_closing(answer_by) if answer_by else "报到结束前"
    return "没有应答"
