"""自主测试加分 on the screens: the school reports in two steps by two people; families read it before and after."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.support.builders.officers import at_desk, cost, family_at, page_of, seen, signed
from tests.support.builders.ranked_round import Ranked
from tests.support.personas import Personas, officer, personas
from yangguang.models import Application, AptitudeTestResult, Programme
from yangguang.rules.accounts.roles import Role
from yangguang.rules.seasons.windows import WindowKind

__all__ = ["personas"]
pytestmark = pytest.mark.django_db
URL = "/school/own-tests/"


@pytest.fixture
def laid(personas: Personas) -> Ranked:
    ranked = Ranked.lay(personas)
    ranked.programme("A", 1, major="美术")
    ranked.programme("B", 1)
    Programme.objects.filter(code="A").update(aptitude_test_max=30)
    for score in (600, 590):
        ranked.apply(score, "A", "B")
    ranked.window(WindowKind.CHOICES, -10, 1)
    return ranked


@pytest.fixture
def first(laid: Ranked) -> Client:
    return at_desk(laid.personas.teacher)


@pytest.fixture
def second(laid: Ranked) -> Client:
    return at_desk(officer("teacher2", Role.VOCATIONAL_SCHOOL, laid.personas.school))


def progress(of: Application) -> str:
    return page_of(family_at(of.person.account_id), reverse("student:progress", args=[of.public_id]))


def sent(laid: Ranked, **more: object) -> dict[str, object]:
    return {"programme": str(laid.programmes["A"].public_id), **more}


def test_two_people_report_the_same_points_one_in_a_file_and_one_typed(
    laid: Ranked, first: Client, second: Client
) -> None:
    file = SimpleUploadedFile("points.csv", "加分,报名号\r\n12,N0002\r\n3,N0001\r\n".encode())
    proposed = signed(first, URL, sent(laid, file=file))

    assert proposed.status_code == 202
    assert "现在什么都没有改变" in seen(proposed)
    assert AptitudeTestResult.objects.count() == 0
    done = signed(second, URL, sent(laid, pasted="N0002，12\nN0001 3"))

    assert (done.status_code, done.headers["Location"]) == (302, URL)
    assert dict(AptitudeTestResult.objects.values_list("application__number", "points")) == {"N0001": 3, "N0002": 12}
    assert "美术 A 30 分 2" in page_of(first, URL)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("N0001 31", "第 1 行 ：美术公布的最高加分是30分，这里是31分"),
        ("N0001 3\n\nN0009 3", "第 3 行 ：报名号N0009不在本季的报名中"),
        ("N0001 十分", "第 1 行 ：‘N0001 十分’不是“报名号 加分”的样子"),
        ("", "请上传一个文件，或者在下面填写"),
    ],
)
def test_what_is_wrong_is_said_row_by_row_and_what_was_typed_stays(
    laid: Ranked, first: Client, typed: str, sentence: str
) -> None:
    answer = first.post(URL, sent(laid, pasted=typed))

    assert answer.status_code == 422
    assert sentence in seen(answer)
    assert typed in answer.content.decode()


def test_nothing_can_be_reported_for_a_programme_without_an_approved_test(laid: Ranked, first: Client) -> None:
    answer = first.post(URL, {"programme": str(laid.programmes["B"].public_id), "pasted": "N0001 3"})

    assert answer.status_code == 422
    Programme.objects.update(aptitude_test_max=0)

    assert "本季没有经审核公布的自主测试" in page_of(first, URL)


def test_a_family_reads_of_the_test_before_it_chooses_and_of_its_points_after(
    laid: Ranked, first: Client, second: Client
) -> None:
    assert "自主测试（专业测试）最高加30分，只在这个专业计入总分" in page_of(Client(), "/plans/")
    for client in (first, second):
        signed(client, URL, sent(laid, pasted="N0002 12"))
    one, other = Application.objects.order_by("number")
    sentence = "美术：12 分，只计入这个专业的总分 甲市第一职业学校于"

    assert sentence in progress(other)
    assert sentence not in progress(one)


def test_the_page_costs_as_much_for_three_programmes_as_for_one(laid: Ranked, first: Client) -> None:
    alone = cost(first, URL)
    for code in ("C", "D"):
        laid.programme(code, 1)
    Programme.objects.update(aptitude_test_max=10)

    assert cost(first, URL) == alone
