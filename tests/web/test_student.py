"""The student's pages: drafts, submission, receipt, progress, answer, record, who looked; and nobody else's."""

import pytest

from tests.support.builders.web_season import Desk, text
from tests.support.personas import Personas
from tests.web.student.admissions.test_answer import offered
from yangguang.models import Admission, AuditEntry

__all__ = ["offered"]
OTHER_PHONE = "15400000002"


@pytest.fixture
def desk(personas: Personas) -> Desk:
    return Desk.lay(personas)


def test_the_progress_says_what_to_do_now_and_until_when(desk: Desk, offered: Admission) -> None:
    page = text(desk.client.get(desk.url()))

    assert "集中录取：录取到 甲市第一职业学校 · 护理1（第 2 志愿）" in page
    assert "请应答" in page
    assert "去应答" in page
    assert "报名成功" in page


@pytest.mark.parametrize("tail", ["", "results/", "choices/2/", "choices/2/submit/"])
def test_another_familys_application_is_not_there(desk: Desk, tail: str) -> None:
    session = desk.client.session
    session["account"] = desk.personas.family(OTHER_PHONE).account
    session.save()
    answer = desk.client.get(desk.url(tail))

    assert answer.status_code == 404
    assert "没有找到这条信息" in text(answer)


@pytest.mark.parametrize("path", ["/me/", "/me/register/", "/me/seen/", "/me/messages/"])
def test_a_guest_is_led_to_the_log_in_and_back(desk: Desk, path: str) -> None:
    desk.client.logout()
    answer = desk.client.get(path)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/login/?next=" + path.replace("/", "%2F"))


def test_an_officer_is_refused_and_the_try_is_kept(desk: Desk) -> None:
    session = desk.client.session
    session["account"] = desk.personas.ce.actor.account
    session.save()
    answer = desk.client.get(desk.choices_url)

    assert answer.status_code == 403
    assert "不能填报志愿" in text(answer)
    entry = AuditEntry.objects.filter(action="route.denied").get()

    assert (entry.outcome, entry.account) == ("DENIED", desk.personas.ce.actor.account)


def test_pages_of_a_person_are_never_kept_by_a_cache(desk: Desk) -> None:
    assert desk.client.get(desk.url()).headers["Cache-Control"] == "private, no-store"
