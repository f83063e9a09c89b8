"""The personas of the demonstration: which are offered, whom a button enters, and whom visitors never see."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client

from tests.support.builders.family import number_of
from tests.support.builders.waiting_list import Waited
from tests.support.builders.web_season import Desk, text
from tests.support.personas import Personas, personas
from yangguang import clock
from yangguang.actions.applicants import registration
from yangguang.actions.applicants.registration import Registration
from yangguang.models import Application, AuditRoot, Person
from yangguang.simulation import calendar
from yangguang.simulation.personas import list_students

__all__ = ["personas"]


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


def test_every_role_is_offered_and_entered_by_post_only(personas: Personas, browser: Client) -> None:
    Desk.lay(personas)
    page = text(browser.get("/demo/"))
    for label in ("进入为学生", "进入为县（市、区）教育局", "进入为市教育局", "进入为省教育厅", "进入为中职学校"):
        assert label in page
    values = re.findall(r'name="seat" value="([^"]+)"', browser.get("/demo/").content.decode())
    browser.get("/demo/", {"seat": values[0]})

    assert "account" not in browser.session

    homes = {browser.post("/demo/", {"seat": value}).headers["Location"] for value in values}

    assert homes == {"/me/", "/school/", "/desk/"}
    assert browser.post("/demo/", {"seat": "nobody"}).status_code == 404


def value_of(page: str, label: str) -> str:
    """What the first button of this role posts."""
    return page.split(f"进入为{label}")[0].rsplit('name="seat" value="', 1)[1].split('"')[0]


def test_a_page_left_open_enters_the_same_role_after_others_have_registered(
    personas: Personas, browser: Client
) -> None:
    front, own = (browser.get(path).content.decode() for path in ("/", "/demo/"))
    pressed = value_of(front, "市教育局")

    assert pressed == value_of(own, "市教育局")

    Desk.lay(personas)

    assert "刚注册，还没有填志愿" in text(browser.get("/demo/"))
    assert browser.post("/demo/", {"seat": pressed}).headers["Location"] == "/desk/"
    assert browser.session["account"] == personas.me.actor.account


def test_a_step_without_students_is_named_and_enters_no_account(personas: Personas, browser: Client) -> None:
    Desk.lay(personas)
    pressed = value_of(browser.get("/").content.decode(), "学生")

    assert Client().post("/demo/", {"seat": pressed}).headers["Location"] == "/me/"

    Application.objects.update(state="CHOSEN")
    answer = browser.post("/demo/", {"seat": pressed})

    assert answer.status_code == 404
    assert "account" not in browser.session
    assert "现在没有演示考生处在“刚注册，还没有填志愿”这一步" in text(answer)
    assert "回到首页，重新选一个身份" in text(answer)
    assert 'href="/"' in answer.content.decode()


def publish_root(day: date, hours: int) -> None:
    """The root of a day, recorded so many hours from now."""
    at = clock.now() + timedelta(hours=hours)
    AuditRoot.objects.create(day=day, root="0" * 64, entries=1, heads=[], recorded_at=at)


def season_ended(hours: int) -> None:
    """Publish the root of the day displayed, by which the simulated season ends, so many hours from now."""
    publish_root(calendar.DISPLAY_DAY.date(), hours)


def test_a_night_during_the_season_makes_no_family_a_visitor(personas: Personas, browser: Client) -> None:
    Desk.lay(personas)
    publish_root(calendar.DISPLAY_DAY.date() - timedelta(days=100), hours=-1)
    season_ended(hours=1)

    assert "进入为学生" in text(browser.get("/demo/"))


def test_a_person_whom_a_visitor_registered_is_no_persona(personas: Personas, browser: Client) -> None:
    Desk.lay(personas)
    season_ended(hours=-1)

    assert "进入为学生" not in text(browser.get("/demo/")) + text(browser.get("/"))
    assert browser.post("/demo/", {"seat": "registered"}).status_code == 404


def test_a_simulated_family_is_no_persona_after_a_visitor_registered_a_child_in_its_account(
    personas: Personas, browser: Client
) -> None:
    desk = Desk.lay(personas)
    season_ended(hours=1)

    assert "进入为学生" in text(browser.get("/demo/"))

    form = Registration(
        name="访小客",
        id_number=number_of(8),
        origin="junior_this_year",
        home=personas.county.pk,
        consent_text="试",
        guardian_name="访大客",
        guardian_phone="15450000002",
        consent_by="guardian",
    )
    registration.register(by=desk.by, season=personas.season, form=form)
    Person.objects.filter(name="访小客").update(recorded_at=clock.now() + timedelta(hours=2))

    assert "进入为学生" not in text(browser.get("/demo/"))


def test_one_student_stands_before_the_results_and_another_after_them(personas: Personas) -> None:
    waited = Waited.lay(personas)
    waited.laid.programme("A", 1)
    waited.apply("2024A0000001", 600, "A")
    waited.apply("2024A0000002", 590, "A")
    before = [persona.value for persona in list_students()]

    waited.publish()

    assert before == ["before"]
    assert [persona.value for persona in list_students()] == ["chosen", "offered"]
