"""The progress of an application as the family reads it."""

import pytest

from tests.support.builders.web_season import Desk, text
from yangguang.models import Admission

pytestmark = pytest.mark.django_db


def test_the_progress_says_what_to_do_now_and_until_when(desk: Desk, offered: Admission) -> None:
    page = text(desk.client.get(desk.url()))

    assert "集中录取：录取到 甲市第一职业学校 · 护理1（第 2 志愿）" in page
    assert "请应答" in page
    assert "去应答" in page
    assert "报名成功" in page
