"""The front page of the school's desk: what waits for it, its target and its rate."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.support.builders.enrolment import Enrolled
from tests.support.builders.officers import at_desk, page_of
from tests.support.builders.public_season import PublicSeason
from tests.support.personas import Personas
from yangguang import clock
from yangguang.models import Target
from yangguang.rules.seasons.windows import WindowKind

pytestmark = pytest.mark.django_db


def test_the_front_page_says_what_waits_and_until_when(public_season: PublicSeason, school: Client) -> None:
    public_season.admitted("某甲")

    assert "现在没有等您办理的事项" in page_of(school, "/school/")
    window = public_season.personas.open(WindowKind.CHECK_IN, days=3)
    page = page_of(school, "/school/")

    assert "录取的学生等待办理报到：1 人" in page
    assert "还剩3天" in page
    assert "办理报到" in page
    assert "事项,开始,截止" in school.get("/school/?csv=windows").content.decode("utf-8-sig")
    window.opens_at, window.closes_at = clock.now() - timedelta(days=9), clock.now() - timedelta(days=8)
    window.save()

    assert "现在没有等您办理的事项" in page_of(school, "/school/")


def set_target(personas: Personas, number: int) -> None:
    """The city sets the school a target."""
    Target.objects.create(
        year=personas.season.year,
        sector="education",
        parent=personas.city,
        unit=personas.school,
        label=personas.school.name,
        position=1,
        number=number,
        source="测试文件",
    )


def test_a_school_reads_its_target_its_rate_and_whom_they_count(personas: Personas) -> None:
    enrolled, teacher = Enrolled.lay(personas), at_desk(personas.teacher)
    enrolled.admit("某甲", state="CHECKED_IN")
    enrolled.admit("某乙")

    assert "上级没有单独给本校下达任务数" in page_of(teacher, "/school/")

    set_target(personas, 4)
    page = page_of(teacher, "/school/")

    assert "任务数 4 人" in page
    assert "1 / 4 人 25.00%" in page
    assert "教育线：各种培养类型（含一年制）；全日制和非全日制" in page
