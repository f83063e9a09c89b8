"""An applicant's status in one phrase, for every track: choices, direct registration, exam board. (R6.01, R9.01)"""

from datetime import datetime

from yangguang.rules.admissions import admission_states
from yangguang.rules.admissions.admission_states import ABSENT, ACCEPTED, CHECKED_IN, LIVE, OFFERED, WAITING
from yangguang.rules.applicants import application_states
from yangguang.rules.runs.rounds import RoundKind
from yangguang.rules.seasons.windows import format_closing, format_instant

DIRECT = frozenset({RoundKind.DIRECT, RoundKind.SUPPLEMENTARY_DIRECT})
"""Rounds in which the student's registration is also the acceptance."""
CURRENT = (*LIVE, ABSENT)
"""States of an admission that the status describes; after any other end the application's state counts."""
_NOT_ADMITTED = {"DIRECT": "已报名·未注册", "EXAM_BOARD": "已报名·待考试机构录取结果"}
_ADMITTED = {OFFERED: "待应答", ACCEPTED: "已接受", WAITING: "候补更高志愿"}


def describe_status(
    state: str, track: str, admission: str | None = None, kind: RoundKind | None = None
) -> tuple[str, str]:
    """The status of an applicant.

    Args:
        state, track: of the application.
        admission, kind: state and round of the admission that counts, if any.
    Returns:
        the state that chooses the badge's colour, and the phrase.
    """
    phrase = application_states.TRANSITIONS.states[state]
    if state == application_states.REGISTERED:
        phrase = _NOT_ADMITTED.get(track, phrase)
    if admission is None or kind is None:
        return state, phrase
    label = admission_states.TRANSITIONS.states[admission]
    if admission not in CURRENT:
        return state, f"{phrase}（前次录取{label}）"
    if admission in (CHECKED_IN, ABSENT):
        return admission, label
    if kind in DIRECT:
        return admission, "已注册录取"
    prefix = "已定录取" if kind is RoundKind.IMPORTED else "已录取"
    return admission, f"{prefix}·{_ADMITTED[admission]}"


def describe_answer(state: str, kind: RoundKind, answer_by: datetime | None, answered_at: datetime | None) -> str:
    """When an admission was answered or can be answered until, or that no answer is needed or was given."""
    if kind in DIRECT:
        return "注册即接受，不用再应答"
    if answered_at is not None:
        return f"{format_instant(answered_at)}已应答"
    if state == OFFERED:
        return format_closing(answer_by) if answer_by else "报到结束前"
    return "没有应答"
