"""When a monthly form is due, how late it is, and in which order months are sealed."""

from datetime import date, datetime, timedelta

import pytest

from yangguang.rules.base.refusals import Refused
from yangguang.rules.reporting.filing import describe_timeliness, due_at, files_month, require_earlier_sealed
from yangguang.rules.seasons.windows import start_of

DUE = due_at(2024, 8, 15)
LAST = start_of(date(2024, 8, 16)) - timedelta(seconds=1)


def test_a_form_is_due_until_the_end_of_its_day() -> None:
    assert start_of(date(2024, 8, 16)) == DUE


@pytest.mark.parametrize(
    ("sent_at", "now", "words"),
    [
        (LAST, DUE, "按时报送"),
        (DUE, DUE, "迟报1天"),
        (start_of(date(2024, 8, 18)), DUE, "迟报3天"),
        (None, start_of(date(2024, 8, 5)), "还剩10天"),
        (None, LAST, "今天截止"),
        (None, DUE, "逾期1天未报"),
        (None, start_of(date(2024, 9, 1)), "逾期17天未报"),
    ],
)
def test_timeliness(sent_at: datetime | None, now: datetime, words: str) -> None:
    assert describe_timeliness(DUE, sent_at, now) == words


def test_the_first_month_that_is_not_sealed_is_named() -> None:
    with pytest.raises(Refused, match="8月的月报还没有封存"):
        require_earlier_sealed(10, [7, 8, 9, 10, 11], [7])

    require_earlier_sealed(7, [7, 8], [])
    require_earlier_sealed(9, [7, 8, 9], [7, 8])


def test_without_a_day_nothing_is_late() -> None:
    assert describe_timeliness(None, None, DUE) == "没有报送期限"
    assert describe_timeliness(None, DUE, DUE) == "已报送"


@pytest.mark.parametrize(
    ("opened_on", "months"),
    [(None, [7, 8, 9]), (date(2023, 12, 31), [7, 8, 9]), (date(2024, 8, 31), [8, 9]), (date(2025, 1, 1), [])],
)
def test_a_unit_files_the_months_from_the_one_in_which_it_opened(opened_on: date | None, months: list[int]) -> None:
    assert [month for month in (7, 8, 9) if files_month(2024, month, opened_on)] == months
