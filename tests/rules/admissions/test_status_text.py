"""A student's status and answer in words, for every state and track. (R6.01, R9.01)"""

from datetime import datetime

import pytest

from yangguang.rules.admissions import admission_states
from yangguang.rules.admissions.status_text import describe_answer, describe_status
from yangguang.rules.runs.rounds import RoundKind
from yangguang.rules.seasons.windows import SHANGHAI

AT = datetime(2024, 9, 1, 8, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("state", "track", "admission", "kind", "phrase"),
    [
        ("REGISTERED", "CHOOSES", None, None, "已报名·未填志愿"),
        ("REGISTERED", "DIRECT", None, None, "已报名·未注册"),
        ("REGISTERED", "EXAM_BOARD", None, None, "已报名·待考试机构录取结果"),
        ("REGISTERED", "DIRECT", "ACCEPTED", RoundKind.DIRECT, "已注册录取"),
        ("CHOSEN", "CHOOSES", "ACCEPTED", RoundKind.SUPPLEMENTARY_DIRECT, "已注册录取"),
        ("REGISTERED", "EXAM_BOARD", "OFFERED", RoundKind.IMPORTED, "已定录取·待应答"),
        ("CHOSEN", "CHOOSES", "OFFERED", RoundKind.RANKED, "已录取·待应答"),
        ("CHOSEN", "CHOOSES", "WAITING", RoundKind.RANKED, "已录取·候补更高志愿"),
        ("REGISTERED", "DIRECT", "CHECKED_IN", RoundKind.DIRECT, "已报到"),
        ("CHOSEN", "CHOOSES", "ABSENT", RoundKind.RANKED, "未报到"),
        ("CHOSEN", "CHOOSES", "DECLINED", RoundKind.RANKED, "志愿已提交·生效（前次录取已放弃）"),
    ],
)
def test_the_stage_is_named_as_it_is(
    state: str, track: str, admission: str | None, kind: RoundKind | None, phrase: str
) -> None:
    assert describe_status(state, track, admission, kind)[1] == phrase


@pytest.mark.parametrize("kind", RoundKind)
@pytest.mark.parametrize("admission", admission_states.TRANSITIONS.states)
def test_whoever_holds_a_seat_is_never_said_to_lack_choices(kind: RoundKind, admission: str) -> None:
    look, phrase = describe_status("REGISTERED", "CHOOSES", admission, kind)
    holds = admission in (*admission_states.LIVE, "ABSENT")

    assert (look == admission, "未填志愿" in phrase) == (holds, not holds)


@pytest.mark.parametrize(
    ("state", "kind", "answer_by", "answered_at", "phrase"),
    [
        ("ACCEPTED", RoundKind.DIRECT, None, AT, "注册即接受，不用再应答"),
        ("CHECKED_IN", RoundKind.DIRECT, None, AT, "注册即接受，不用再应答"),
        ("OFFERED", RoundKind.RANKED, AT, None, "2024年9月1日08:30截止"),
        ("OFFERED", RoundKind.RANKED, None, None, "报到结束前"),
        ("ACCEPTED", RoundKind.RANKED, AT, AT, "2024年9月1日08:30已应答"),
        ("LAPSED", RoundKind.RANKED, AT, None, "没有应答"),
    ],
)
def test_what_holds_of_the_answer(
    state: str, kind: RoundKind, answer_by: datetime | None, answered_at: datetime | None, phrase: str
) -> None:
    assert describe_answer(state, kind, answer_by, answered_at) == phrase
