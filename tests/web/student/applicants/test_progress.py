"""The progress of an application as the family reads it."""

import re
from datetime import datetime, timedelta

import pytest

from tests.support.builders.web_season import Desk, text
from yangguang.models import Admission
from yangguang.rules.seasons.windows import SHANGHAI, format_spoken
from yangguang.web.student.applicants.timeline import arrange
from yangguang.web.student.applicants.timeline_events import event

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 11, 8, 9, 0, tzinfo=SHANGHAI)


def test_the_progress_says_what_to_do_now_and_until_when(desk: Desk, offered: Admission) -> None:
    page = text(desk.client.get(desk.url()))

    assert "集中录取：录取到 甲市第一职业学校 · 护理1（第 2 志愿）" in page
    assert "请应答" in page
    assert "去应答" in page
    assert "报名成功" in page


def test_the_act_of_the_day_is_the_only_gold_thing_and_stands_on_top(desk: Desk, offered: Admission) -> None:
    html = desk.client.get(desk.url()).content.decode()

    assert html.count("button--primary") == 1
    assert html.index('class="todo"') < html.index('class="steps"') < html.index('class="timeline"')
    assert offered.answer_by is not None
    assert format_spoken(offered.answer_by, closing=True) in html


def test_the_steps_show_where_the_matter_stands(desk: Desk, offered: Admission) -> None:
    html = desk.client.get(desk.url()).content.decode()
    steps = re.findall(
        r'<li(?: class="([\w-]+)")?[^>]*><span>(.*?)</span>', html.split('class="steps"')[1].split("</ol>")[0]
    )

    assert steps == [
        ("is-done", "报名"),
        ("is-done", "填志愿"),
        ("is-done", "录取"),
        ("is-now", "应答"),
        ("", "报到"),
        ("", "学籍"),
    ]


def test_the_newest_event_is_on_top_below_the_next_step_and_only_the_nearest_step_is_named() -> None:
    events = [
        event("done", "报名", at=NOW),
        event("refused", "没有录取", at=NOW),
        event("next", "报到"),
        event("next", "学籍"),
    ]

    assert [one["what"] for one in arrange(events)["history"]] == ["报到", "没有录取", "报名"]


def test_what_is_due_is_linked_once_and_its_event_stays_in_the_history() -> None:
    admitted = event("now", "录取到护理", at=NOW, url="/a/", act="去应答", next="请应答")
    to_choose = event("now", "填报志愿", url="/b/", act="去填报")
    arranged = arrange([admitted, to_choose])

    assert arranged["history"] == [event("now", "录取到护理", at=NOW)]


def test_of_two_acts_that_are_due_the_one_that_ends_first_is_the_act_of_the_day() -> None:
    later = event("now", "核对学籍", url="/b/")
    sooner = event("now", "应答", url="/a/", until=NOW + timedelta(hours=3))
    without_page = event("now", "到校报到", until=NOW)
    arranged = arrange([later, sooner, without_page])

    assert arranged["todo"] == sooner
    assert arranged["waiting"] == [later]
