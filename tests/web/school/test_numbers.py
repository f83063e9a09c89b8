"""The school's numbers: its target and rate, and records of the season that is counted."""

import pytest

from tests.support.builders.enrolment import Enrolled
from tests.support.builders.officers import at_desk, page_of
from tests.support.personas import Personas
from yangguang.models import Target

pytestmark = pytest.mark.django_db


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


def test_a_bureau_with_a_target_reads_it_before_it_breaks_it_down(personas: Personas) -> None:
    Target.objects.create(
        year=personas.season.year,
        sector="education",
        parent=personas.city,
        unit=personas.county,
        label=personas.county.name,
        position=1,
        number=4000,
        source="测试文件",
    )
    page = page_of(at_desk(personas.ce), f"/desk/targets/?year={personas.season.year}")

    assert "上级已经给甲市一县下达 4,000 人，甲市一县还没有向下分解" in page
    assert "0 / 4,000 0.00%" in page
    assert "本年度还没有分解任务" not in page
