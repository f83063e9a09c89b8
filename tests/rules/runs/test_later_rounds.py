"""What a student without a seat may still choose, in one sentence."""

from datetime import UTC, datetime, timedelta

from yangguang.rules.applicants.origins import Origin
from yangguang.rules.runs.later_rounds import NONE_LEFT, LaterRound, describe_later_rounds

AT = datetime(2024, 10, 1, 4, tzinfo=UTC)
DAY = timedelta(days=1)
ORIGIN = Origin.JUNIOR_THIS_YEAR


def later(name: str, opens: datetime | None, closes: datetime | None, *origins: str) -> LaterRound:
    return LaterRound(name, frozenset(origins), opens, closes)


def test_each_round_has_the_day_that_matters_next() -> None:
    rounds = [later("甲", AT - DAY, AT + DAY), later("乙", AT + DAY, AT + 2 * DAY), later("丙", None, None)]

    sentence = describe_later_rounds(rounds, ORIGIN, AT)

    assert sentence == "您还可以参加：甲，10月2日（星期三）中午12点前；乙，10月2日（星期三）中午12点起；丙，时间待定。"


def test_a_round_for_other_origins_is_not_named() -> None:
    rounds = [later("甲", None, None, Origin.VETERAN), later("乙", None, None, ORIGIN, Origin.VETERAN)]

    assert describe_later_rounds(rounds, ORIGIN, AT) == "您还可以参加：乙，时间待定。"


def test_of_many_rounds_three_are_named_and_all_are_counted() -> None:
    sentence = describe_later_rounds([later(name, None, None) for name in "甲乙丙丁"], ORIGIN, AT)

    assert sentence == "您还可以参加：甲，时间待定；乙，时间待定；丙，时间待定；等4个批次。"


def test_where_nothing_is_left_the_sentence_says_so() -> None:
    assert describe_later_rounds([later("甲", None, None, Origin.VETERAN)], ORIGIN, AT) == NONE_LEFT
