"""免试注册 offers only what can be had: no button that the act would refuse, and what to do instead."""

import pytest
from django.test import Client

from tests.support.builders.after_results import at_home, url
from tests.support.builders.officers import cost
from tests.support.builders.ranked_round import Ranked
from tests.support.builders.waiting_list import Waited, says, seated_at_a
from tests.support.personas import Personas
from yangguang.actions.admissions import answers
from yangguang.models import Admission, RoundProgramme
from yangguang.rules.seasons.windows import WindowKind

pytestmark = pytest.mark.django_db


def html_of(client: Client, at: str) -> str:
    answer = client.get(at)
    assert answer.status_code == 200
    return answer.content.decode()


def beside(page: str, major: str) -> str:
    """The text in the row of one major."""
    return next(card for card in page.split('<span class="row-name">')[1:] if major in card).split("</li>")[0]


@pytest.fixture
def waited(personas: Personas) -> Waited:
    """A is full and P5 waits for it, B has one free seat; a student without choices stands before both."""
    waited = Waited.lay(personas)
    waited.laid.programme("A", 1)
    waited.laid.programme("B", 2)
    waited.apply("P1", 600, "A")
    waited.apply("P5", 560, "A")
    waited.publish()
    waited.people["N9"] = waited.laid.apply(None, number="N9")
    return waited


def direct_round(waited: Waited, *codes: str) -> Ranked:
    """A round of direct registration, open now, over programmes of the ranked one."""
    direct = Ranked.lay(waited.laid.personas, number=5, kind="direct")
    for code in codes:
        RoundProgramme.objects.create(round=direct.round, programme=waited.laid.programmes[code], seats=1)
    direct.window(WindowKind.CHOICES, -1, 1)
    return direct


def test_who_has_not_answered_is_led_to_the_answer_and_offered_no_button(waited: Waited) -> None:
    direct_round(waited, "A", "B")
    waited.offer_due()
    student = waited.people["P1"]
    page = html_of(at_home(student), url(student, "choices/5/"))

    assert "您的录取还没有应答。先接受，才能换录；也可以放弃后直接注册。请先应答。" in page
    assert f'href="/me/answers/{waited.held("P1").public_id}/"' in page
    assert "可以换到" not in page
    assert "choices/5/transfer/" not in page
    assert "剩 2 个" in beside(page, "专业B")


def test_who_gave_a_seat_up_in_this_round_is_told_so(personas: Personas) -> None:
    _, student = seated_at_a(personas)
    says(student, answers.decline, admission=Admission.objects.get())
    page = html_of(at_home(student), url(student, "choices/5/"))

    assert "您在本批次注册过，又放弃了" in page
    assert "choices/5/claim/" not in page


def test_seats_that_the_waiting_list_is_owed_have_no_button(waited: Waited) -> None:
    direct_round(waited, "A", "B")
    student = waited.people["N9"]
    page = html_of(at_home(student), url(student, "choices/5/"))
    for major in ("专业A", "专业B"):
        assert "正在候补递补，请选择其他专业，或在候补结束后再来" in beside(page, major)
        assert "<a" not in beside(page, major)


def test_only_the_programme_that_is_waited_for_loses_its_button_once_the_list_is_laid(waited: Waited) -> None:
    direct_round(waited, "A", "B")
    waited.offer_due()
    student = waited.people["N9"]
    page = html_of(at_home(student), url(student, "choices/5/"))

    assert "正在候补递补" in beside(page, "专业A")
    assert "注册<br>剩" not in beside(page, "专业A")
    assert "注册<br>剩 2 个" in beside(page, "专业B")


def test_the_page_of_free_seats_costs_the_same_with_one_programme_and_three(waited: Waited) -> None:
    direct = direct_round(waited, "A")
    student = waited.people["N9"]
    home = at_home(student)
    one = cost(home, url(student, "choices/5/"))
    direct.programme("C", 1)
    direct.programme("D", 1)

    assert cost(home, url(student, "choices/5/")) == one


def test_a_programme_has_the_public_result_of_the_round_before(personas: Personas) -> None:
    waited = Waited.lay(personas)
    waited.laid.programme("A", 6)
    for number in range(7):
        waited.apply(f"P{number}", 600 - number, "A")
    waited.publish()
    student = waited.laid.apply(610, number="N9")
    later = Ranked.lay(personas, number=5)
    RoundProgramme.objects.create(round=later.round, programme=waited.laid.programmes["A"], seats=1)
    later.window(WindowKind.CHOICES, -1, 1)

    page = html_of(at_home(student), url(student, "choices/5/"))

    assert f"{waited.laid.round.name}录到第6位" in beside(page, "专业A")
