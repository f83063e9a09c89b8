"""Two officers open one page: the later one overwrites nothing without seeing both sides, and loses nothing. (F-I6)"""

import re
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.support.builders.enrolment import Enrolled
from tests.support.builders.officers import at_desk, seen, sends, signed
from tests.support.builders.plans import qualify
from tests.support.builders.public_season import PublicSeason
from tests.support.builders.web_season import displayed_on, sealed_in
from tests.support.personas import SHELL, Personas
from tests.web.school.plans.test_plan_edit import typed
from yangguang.actions.organisation import directory
from yangguang.models import AuditEntry, Plan, StudentRecord, Target, Window
from yangguang.reference import rows
from yangguang.rules.seasons.windows import WindowKind

pytestmark = pytest.mark.django_db


def carried(page: HttpResponse) -> str:
    """What a page carries of what it shows now."""
    return re.findall(r'name="_displayed" value="([^"]+)"', page.content.decode())[0]  # type: ignore[no-any-return]


def test_an_older_plan_page_does_not_delete_the_programme_a_colleague_added(personas: Personas) -> None:
    directory.load(by=SHELL, rules=rows("policy_rules"))
    personas.open(WindowKind.PLAN_ENTRY)
    qualify(personas.school, personas.season.year)
    one, other, url = at_desk(personas.teacher), at_desk(personas.teacher), "/school/plan/edit/"
    sends(one, url, typed({"major": "护理", "seats": 40}))
    older = displayed_on(one, url)
    sends(other, url, typed({"major": "护理", "seats": 40}, {"major": "会计", "seats": 30}))
    refused = one.post(url, typed({"major": "护理", "seats": 45}) | {"_displayed": older})

    assert refused.status_code == 409
    assert {p.major: p.seats for p in Plan.objects.get().programmes.all()} == {"护理": 40, "会计": 30}
    lines = unescape(seen(refused))

    assert "计划数 40" in lines, "what it was"
    assert "会计（三年制、全日制）" in lines, "what the colleague saved"
    assert "计划数 45" in lines, "what was typed"
    assert 'value="45"' in refused.content.decode()
    again = one.post(url, typed({"major": "护理", "seats": 45}) | {"_displayed": carried(refused)})

    assert again.status_code == 302, "both sides were seen"
    assert {p.major: p.seats for p in Plan.objects.get().programmes.all()} == {"护理": 45}


@pytest.mark.parametrize("displayed", ["", "x"])
def test_a_whole_form_that_does_not_say_what_it_showed_saves_nothing(personas: Personas, displayed: str) -> None:
    directory.load(by=SHELL, rules=rows("policy_rules"))
    personas.open(WindowKind.PLAN_ENTRY)
    qualify(personas.school, personas.season.year)
    answer = at_desk(personas.teacher).post(
        "/school/plan/edit/", typed({"major": "护理", "seats": 40}) | {"_displayed": displayed}
    )

    assert answer.status_code == 409
    assert not Plan.objects.exists()


def test_an_older_target_page_does_not_move_the_colleagues_numbers_back(public_season: PublicSeason) -> None:
    personas = public_season.personas
    one, other = at_desk(personas.me), at_desk(personas.me)
    url = f"/desk/targets/edit/?year={personas.season.year}"
    first = {"name0": "甲市一县", "new0": "60", "name1": "其他学校", "new1": "40", "source": "测试文件"}
    signed(one, url, first)
    older = displayed_on(one, url)
    signed(other, url, {"target·甲市一县": "70", "target·其他学校": "30", "source": "测试文件"})
    typed_form = {"target·甲市一县": "50", "target·其他学校": "50", "source": "另一份文件", "_displayed": older}
    refused = one.post(url, typed_form)

    assert refused.status_code == 409
    assert sorted(Target.objects.values_list("number", flat=True)) == [30, 70]
    lines = re.sub(r"\s+", " ", unescape(seen(refused)))

    assert "甲市一县（两边都改了） 60 70 50" in lines
    assert 'value="50"' in refused.content.decode()
    assert 'value="另一份文件"' in refused.content.decode()
    assert signed(one, url, typed_form | {"_displayed": carried(refused)}).status_code == 302
    assert sorted(Target.objects.values_list("number", flat=True)) == [50, 50]


def test_a_window_that_others_have_set_since_is_not_set_back(public_season: PublicSeason) -> None:
    first, second = at_desk(public_season.personas.pe1), at_desk(public_season.personas.pe2)
    url = "/desk/windows/set/?kind=registration"
    said = {"kind": "registration", "opens_at": "2030-03-01T00:00", "last_day": "2030-03-20", "source": "一号文件"}
    older = displayed_on(first, url)
    for officer in (first, second):
        signed(officer, url, said)
    refused = first.post(url, said | {"last_day": "2030-03-10", "source": "二号文件", "_displayed": older})

    assert refused.status_code == 409
    assert Window.objects.get(kind="registration").source == "一号文件"
    for side in ("3月20日24:00", "3月10日24:00", "一号文件", "二号文件"):
        assert side in seen(refused)
    assert 'value="2030-03-10"' in refused.content.decode()


def create_record(public_season: PublicSeason, number: str) -> StudentRecord:
    enrolled: Enrolled = public_season.enrolled
    admission = enrolled.admit(f"某{number}", state="CHECKED_IN")
    return StudentRecord.objects.create(
        person=admission.person,
        admission=admission,
        school=public_season.personas.school,
        number=number,
        major="护理",
        programme_type="three_year",
        entered_on="2024-09-01",
    )


@pytest.fixture
def school(public_season: PublicSeason) -> Client:
    return at_desk(public_season.personas.teacher)


def test_a_class_that_a_colleague_filled_in_since_is_not_replaced(public_season: PublicSeason, school: Client) -> None:
    record = create_record(public_season, "2024X00001")
    older = displayed_on(school, "/school/records/")
    StudentRecord.objects.filter(pk=record.pk).update(state="COMPLETED", school_class="护理1班", version=2)
    StudentRecord.objects.filter(pk=record.pk).update(state="DISPUTED", version=3)
    data = {"size": 40, "school_class": "护理9班", "numbers": [record.number], "_displayed": older}
    refused = signed(school, "/school/records/classes/", data)

    assert refused.status_code == 422
    assert "班级是“护理1班”" in seen(refused)
    assert "您填写的是“护理9班”" in seen(refused)
    record.refresh_from_db()

    assert record.school_class == "护理1班"


def test_a_proposal_of_classes_that_a_new_record_changes_is_displayed_again(
    public_season: PublicSeason, school: Client
) -> None:
    create_record(public_season, "2024X00001")
    opened = school.post("/school/records/classes/", {"size": 40})
    create_record(public_season, "2024X00002")
    fields = dict(re.findall(r'name="(_typed|_key)" value="([^"]*)"', opened.content.decode()))
    answer = school.post("/school/records/classes/", fields | {"_step": "act", "_assertion": "{}"})

    assert answer.status_code == 409
    assert set(StudentRecord.objects.values_list("state", flat=True)) == {"CREATED"}


def test_a_signed_act_sent_twice_is_done_once_and_has_one_answer(personas: Personas) -> None:
    directory.load(by=SHELL, rules=rows("policy_rules"))
    personas.open(WindowKind.PLAN_ENTRY)
    qualify(personas.school, personas.season.year)
    school = at_desk(personas.teacher)
    sends(school, "/school/plan/edit/", typed({"major": "护理", "seats": 40}))
    opened = school.post("/school/plan/submit/", {"_displayed": displayed_on(school, "/school/plan/")})
    sent = sealed_in(opened) | {"_step": "act"}
    answers = [school.post("/school/plan/submit/", sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert AuditEntry.objects.filter(action="plan.submit", outcome="DONE").count() == 1


def test_the_same_plan_sent_twice_is_saved_once_and_loses_nothing(personas: Personas) -> None:
    directory.load(by=SHELL, rules=rows("policy_rules"))
    personas.open(WindowKind.PLAN_ENTRY)
    qualify(personas.school, personas.season.year)
    school = at_desk(personas.teacher)
    sent = typed({"major": "护理", "seats": 40}) | {"_displayed": displayed_on(school, "/school/plan/edit/")}
    answers = [school.post("/school/plan/edit/", sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Plan.objects.get().version == 1
    assert Plan.objects.get().programmes.get().seats == 40
