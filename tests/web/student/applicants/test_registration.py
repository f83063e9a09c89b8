"""One answer to registering a number, known or not: the first family is warned, the visitor learns nothing. (0024)"""

import re
from hashlib import sha256
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.support.builders.family import Family, number_of
from tests.support.builders.policy import set_rule
from tests.support.builders.web_season import text
from tests.support.personas import Personas
from yangguang.models import Allowance, Application, AuditEntry, Consent, Guardian, Message, Person
from yangguang.rules.seasons.windows import WindowKind
from yangguang.web.student.applicants import registration_forms
from yangguang.web.student.applicants.registration_forms import NOTICE

pytestmark = pytest.mark.django_db
OTHER = "15400000002"


@pytest.fixture
def first(personas: Personas) -> Family:
    """A family whose child stands registered."""
    personas.open(WindowKind.REGISTRATION)
    family = Family(personas).signs_in()
    assert family.answers().headers["Location"] == "/me/register/received/"
    return family


def test_another_text_of_the_notice_has_another_version() -> None:
    """A consent names the version it was given to."""
    path = Path(registration_forms.__file__).parents[3] / "templates" / "student" / "applicants" / "notice_text.html"
    words = re.sub(r"<[^>]+>|\s", "", path.read_text())

    assert (NOTICE, sha256(words.encode()).hexdigest()[:16]) == ("告知书2024-02", "08ad3547fd55e12b")


@pytest.fixture
def second(first: Family) -> Family:
    return Family(first.personas, OTHER).signs_in()


def reply(answer: HttpResponse, browser: Client) -> tuple[int, str, str, str]:
    """All that a visitor gets of one submission: both answers, without the browser's own marks."""
    page = browser.get(answer.headers["Location"])
    bare = re.sub(r'nonce="[^"]*"|name="(csrfmiddlewaretoken|_key)" value="[^"]*"', "", page.content.decode())
    return answer.status_code, answer.headers["Location"], answer.content.decode(), bare


def rows() -> list[int]:
    return [model.objects.count() for model in (Person, Application, Consent, Guardian)]


@pytest.mark.parametrize("name", ["欧阳小满", "王别人"])
def test_another_familys_number_is_answered_like_a_new_one(second: Family, name: str) -> None:
    before = rows()
    known = reply(second.answers(name=name), second.client)

    assert rows() == before, "nothing of the second registration is written"
    assert second.client.get("/me/register/person/").headers["Location"] == "/me/register/consent/"
    fresh = reply(second.answers(id_number=number_of(2)), second.client)

    assert known == fresh
    assert known[0] == 302
    assert rows() == [n + 1 for n in before]
    assert "请用原来的手机号登录" in text(second.client.get("/me/register/received/"))


def test_the_first_family_is_told_once_a_day_and_the_log_names_whose_number_it_was(
    first: Family, second: Family
) -> None:
    child = Person.objects.get()
    for _ in range(2):
        second.answers()
    messages = Message.objects.filter(event__startswith="person.warn").order_by("event")

    assert [(m.event, m.person_id) for m in messages] == [("person.warn", child.pk), ("person.warn.guardian", child.pk)]
    assert "另一个手机号" in messages[0].text
    assert number_of(1) not in messages[0].text
    entries = AuditEntry.objects.filter(action="person.warn", outcome="DONE")

    assert {entry.person for entry in entries} == {child.pk}
    assert entries.count() == 2
    seen = text(first.client.get("/me/seen/"))

    assert "提醒证件号码被别人用来报名" in seen
    assert "另一个" in seen
    assert "提醒证件号码" not in text(second.client.get("/me/seen/"))


def test_numbers_cannot_be_tried_one_after_the_other(first: Family, second: Family) -> None:
    set_rule("person.per_account_day", 2)
    answers = [second.answers(id_number=number) for number in (number_of(1), number_of(2), number_of(3), number_of(1))]

    assert [answer.status_code for answer in answers] == [302, 302, 429, 429]
    assert "提交报名的次数已经用完" in text(answers[2])
    assert text(answers[2]).replace(number_of(3), "") == text(answers[3]).replace(number_of(1), "")
    assert Application.objects.count() == 2
    Allowance.objects.update(began_at="2020-01-01T00:00Z")

    assert second.answers(id_number=number_of(3)).status_code == 302


def test_a_family_is_told_of_its_own_registration(first: Family) -> None:
    again = first.answers()

    assert again.status_code == 422
    assert "已经报过名" in text(again)
    assert "请到“我的页面”查看" in text(again)
    assert "id_number" not in text(again)
    assert "证件号码" in text(again)
    assert not Message.objects.filter(event="person.warn").exists()


def test_a_button_pressed_twice_leads_to_the_same_page_and_registers_once(personas: Personas) -> None:
    personas.open(WindowKind.REGISTRATION)
    family = Family(personas).signs_in()

    assert family.fills() is None
    page = family.client.get("/me/register/review/").content.decode()
    sent = dict(re.findall(r'name="(_key|_displayed)" value="([^"]+)"', page))
    answers = [family.client.post("/me/register/review/", sent) for _ in range(2)]
    from_another_tab = family.client.post("/me/register/review/", sent | {"_key": "0" * 32})

    assert [(a.status_code, a.headers["Location"]) for a in [*answers, from_another_tab]] == [
        (302, "/me/register/received/")
    ] * 3
    assert Application.objects.count() == 1


def test_the_first_page_says_as_many_steps_as_the_registration_shows(personas: Personas) -> None:
    personas.open(WindowKind.REGISTRATION)
    family = Family(personas).signs_in()
    page = family.client.get("/me/register/consent/").content.decode()
    steps = re.findall(r"<li", page.split('class="steps"')[1].split("</ol>")[0])

    assert f"报名分{len(steps)}步" in text(family.client.get("/me/"))
    assert len(steps) == 6


def test_the_guardians_own_field_does_not_advise_the_guardians_number(personas: Personas) -> None:
    personas.open(WindowKind.REGISTRATION)
    said = text(Family(personas).signs_in().answers(guardian_phone="12345"))

    assert "手机号码不对" in said
    assert "请核对后重新填写监护人自己的手机号码" in said
    assert "没有手机时" not in said


def test_under_fourteen_the_one_thing_missing_is_the_guardians_consent(personas: Personas) -> None:
    personas.open(WindowKind.REGISTRATION)
    family = Family(personas).signs_in()
    answer = family.answers(consent_by="student", id_number=number_of(1, age=13))
    said = text(answer)

    assert answer.status_code == 422
    assert "请监护人阅读后由监护人同意" in said
    assert "有 1 处需要改正" in said
    assert "这一项必填" not in said
    assert not re.search(r'name="agree"[^>]*checked', answer.content.decode()), "the guardian ticks it anew"
    assert "这一项必填" in text(family.posts("consent", {"consent_by": "guardian"}))
