"""Classes of a school's records. (F-E1)"""

import pytest
from django.test import Client

from tests.support.builders.enrolment import Enrolled
from tests.support.builders.officers import seen, signed
from tests.support.builders.public_season import PublicSeason
from yangguang.models import StudentRecord

pytestmark = pytest.mark.django_db


def test_classes_are_proposed_and_filled_in_after_the_confirmation(public_season: PublicSeason, school: Client) -> None:
    enrolled: Enrolled = public_season.enrolled
    for n in range(3):
        admission = enrolled.admit(f"某{n}", state="CHECKED_IN")
        StudentRecord.objects.create(
            person=admission.person,
            admission=admission,
            school=public_season.personas.school,
            number=f"2024X0000{n}",
            major="护理",
            programme_type="three_year",
            entered_on="2024-09-01",
        )
    page = school.post("/school/records/classes/", {"size": 2})

    assert "为 3 条学籍填写班级" in seen(page)
    assert "护理1班" in seen(page)
    assert signed(school, "/school/records/classes/", {"size": 2}).status_code == 302
    assert set(StudentRecord.objects.values_list("state", flat=True)) == {"COMPLETED"}
    again = school.post("/school/records/classes/", {"size": 2})

    assert again.status_code == 422
    assert "没有要补充的学籍" in seen(again)
