"""The student's opinion of the record. (F-B10)"""

import pytest

from tests.support.builders.web_season import Desk, posted, text
from tests.web.student.admissions.test_answer import desk, offered
from yangguang import clock
from yangguang.models import Admission, StudentRecord

__all__ = ["desk", "offered"]
pytestmark = pytest.mark.django_db


def record_of(desk: Desk, admission: Admission) -> StudentRecord:
    Admission.objects.update(state="CHECKED_IN", checked_in_at=clock.now())
    return StudentRecord.objects.create(
        person=admission.person,
        admission=admission,
        school=admission.school,
        number="2024T00001",
        major="护理1",
        programme_type="three_year",
        entered_on="2024-09-01",
        school_class="24护理1班",
        state="COMPLETED",
    )


@pytest.mark.parametrize(
    ("opinion", "state"),
    [
        ({"opinion": "AGREES"}, "CONFIRMED"),
        ({"opinion": "WRONG", "field": "major", "note": "是护理2"}, "DISPUTED"),
        ({"opinion": "NOT_ME"}, "DISPUTED"),
    ],
)
def test_the_students_opinion_decides_the_state_of_the_record(
    desk: Desk, offered: Admission, opinion: dict[str, str], state: str
) -> None:
    record = record_of(desk, offered)
    done = desk.proves(f"/me/records/{record.public_id}/", opinion)
    record.refresh_from_db()

    assert (done.status_code, record.state) == (302, state)


def test_an_error_without_a_field_is_refused_with_the_form_as_it_was(desk: Desk, offered: Admission) -> None:
    record = record_of(desk, offered)
    answer = posted(desk.client, f"/me/records/{record.public_id}/", {"opinion": "WRONG", "note": "写错了"})

    assert answer.status_code == 422
    assert "请指出哪一栏有误" in text(answer)
    assert "写错了" in text(answer)
