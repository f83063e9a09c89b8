"""The student's opinion of the record. (F-B10)"""

import pytest

from tests.support.builders.officers import at_desk, signed
from tests.support.builders.web_season import Desk, displayed_on, posted, text
from yangguang import clock
from yangguang.models import Admission, Message, StudentRecord

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


def test_a_record_of_somebody_else_goes_back_to_the_school_and_the_family_reads_whom_to_call(
    desk: Desk, offered: Admission
) -> None:
    record = record_of(desk, offered)
    url = f"/me/records/{record.public_id}/"

    check = text(posted(desk.client, url, {"opinion": "NOT_ME"}))
    desk.proves(url, {"opinion": "NOT_ME"})
    school = text(at_desk(desk.personas.teacher).get("/school/records/?state=DISPUTED"))

    assert "请同时联系学校所在地的县级招生主管部门核查" in check
    assert "不是我本人或未就读" in school


def test_an_error_without_a_field_is_refused_with_the_form_as_it_was(desk: Desk, offered: Admission) -> None:
    record = record_of(desk, offered)
    answer = posted(desk.client, f"/me/records/{record.public_id}/", {"opinion": "WRONG", "note": "写错了"})

    assert answer.status_code == 422
    assert "请指出哪一栏有误" in text(answer)
    assert "写错了" in text(answer)


def test_the_school_reads_the_field_and_the_words_and_the_student_reads_what_the_school_did(
    desk: Desk, offered: Admission
) -> None:
    record = record_of(desk, offered)
    desk.proves(f"/me/records/{record.public_id}/", {"opinion": "WRONG", "field": "school_class", "note": "我在2班"})
    school = at_desk(desk.personas.teacher)

    assert "有误：班级，学生写的是“我在2班”" in text(school.get("/school/records/?state=DISPUTED"))
    data = {"size": 40, "school_class": "24护理2班", "numbers": [record.number]}
    data["_displayed"] = displayed_on(school, "/school/records/")

    assert signed(school, "/school/records/classes/", data).status_code == 302
    message = Message.objects.get(event="record.to_confirm")

    assert "您报告学籍“班级”有误（我在2班），学校已核对：班级由“24护理1班”改为“24护理2班”" in message.text
    page = text(desk.client.get(f"/me/records/{record.public_id}/"))

    assert "有误：班级，我在2班" in page
    assert "学校核对后重新补充：班级由“24护理1班”改为“24护理2班”" in page
    assert "学校已重新补充，待本人再核对" in text(school.get("/school/records/"))


def test_a_school_that_changes_nothing_says_so(desk: Desk, offered: Admission) -> None:
    record = record_of(desk, offered)
    desk.proves(f"/me/records/{record.public_id}/", {"opinion": "WRONG", "field": "name", "note": "字" * 100})
    school = at_desk(desk.personas.teacher)
    data = {"size": 40, "school_class": "24护理1班", "numbers": [record.number]}
    signed(school, "/school/records/classes/", data | {"_displayed": displayed_on(school, "/school/records/")})
    message = Message.objects.get(event="record.to_confirm").text

    assert "“姓名”有误" in message
    assert "班级没有变化，仍是“24护理1班”" in message
    assert "…" in message
    assert len(message) <= 300
