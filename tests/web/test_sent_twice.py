"""The last step of a confirmation sent twice is done once, and both get the first answer. (X1.03)"""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.support.builders.after_results import at_home, waited
from tests.support.builders.officers import at_desk, seen, sends
from tests.support.builders.public_season import PublicSeason
from tests.support.builders.waiting_list import Waited
from tests.support.builders.web_season import Desk, code_for, posted, sealed_in
from tests.support.clients import signature_for
from tests.support.personas import FAMILY_PHONE
from yangguang.models import Admission, Application, AuditEntry, Proposal, Window, Withdrawal
from yangguang.web.kit.confirmation import ACT

__all__ = ["waited"]
pytestmark = pytest.mark.django_db
WINDOW = {"kind": "registration", "opens_at": "2030-03-01T00:00", "last_day": "2030-03-20", "source": "一号文件"}


def confirmed_page(client: Client, address: str, data: dict[str, Any]) -> dict[str, Any]:
    """What the last step of a family sends: the confirmation page with the code of the message."""
    page = posted(client, address, sealed_in(sends(client, address, data)) | {"_step": "send"})
    return sealed_in(page) | {"_step": ACT, "_code": code_for(FAMILY_PHONE)}


def releases_of(application: Application) -> str:
    return f"/me/releases/{Admission.objects.get(application=application).public_id}/"


def twice(client: Client, address: str, page: dict[str, Any]) -> list[HttpResponse]:
    return [client.post(address, page) for _ in range(2)]


def places(answers: list[HttpResponse]) -> list[tuple[int, str]]:
    return [(answer.status_code, answer.get("Location", "")) for answer in answers]


def outcomes(action: str) -> list[str]:
    return list(AuditEntry.objects.filter(action=action).values_list("outcome", flat=True))


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_an_answer_to_an_admission_is_given_once(desk: Desk, offered: Admission, answer: str) -> None:
    address = f"/me/answers/{offered.public_id}/"
    page = confirmed_page(desk.client, address, {"answer": answer})

    answers = twice(desk.client, address, page)

    assert places(answers) == [(302, desk.url())] * 2
    assert outcomes(f"answer.{answer}") == ["DONE"]


def test_a_withdrawal_is_requested_once(waited: Waited) -> None:
    home, address = at_home(waited.people["P3"]), releases_of(waited.people["P3"])
    page = confirmed_page(home, address, {"reason": "family", "note": "搬家"})

    answers = twice(home, address, page)

    assert places(answers) == [(302, address)] * 2
    assert Withdrawal.objects.count() == 1
    assert AuditEntry.objects.filter(outcome="DENIED").count() == 0


def test_another_answer_on_another_page_is_not_taken_for_the_first(desk: Desk, offered: Admission) -> None:
    address = f"/me/answers/{offered.public_id}/"
    pages = [confirmed_page(desk.client, address, {"answer": answer}) for answer in ("accept", "decline")]

    first, second = (desk.client.post(address, page) for page in pages)

    assert (first.status_code, second.status_code) == (302, 409)
    assert Admission.objects.get().state == "ACCEPTED"


def test_a_wrong_code_is_no_first_answer(desk: Desk, offered: Admission) -> None:
    address = f"/me/answers/{offered.public_id}/"
    page = confirmed_page(desk.client, address, {"answer": "accept"})

    answers = twice(desk.client, address, page | {"_code": "000000" if page["_code"] != "000000" else "111111"})
    right = desk.client.post(address, page)

    assert [answer.status_code for answer in answers] == [403, 403]
    assert right.status_code == 302


def test_another_account_does_not_get_the_answer(desk: Desk, offered: Admission) -> None:
    address = f"/me/answers/{offered.public_id}/"
    page = confirmed_page(desk.client, address, {"answer": "accept"})
    desk.client.post(address, page)
    session = desk.client.session
    session["account"] = desk.personas.family("15400000002").account
    session.save()

    assert desk.client.post(address, page).status_code == 404


def test_each_of_two_officers_counts_once(public_season: PublicSeason) -> None:
    address = "/desk/windows/set/?kind=registration"
    for who, status in ((public_season.personas.pe1, 202), (public_season.personas.pe2, 302)):
        browser = at_desk(who)
        confirmation = sends(browser, address, WINDOW)
        page = sealed_in(confirmation) | signature_for(confirmation, browser)

        answers = twice(browser, address, page)

        assert [answer.status_code for answer in answers] == [status, 302], seen(answers[1])

    assert Window.objects.filter(kind="registration").count() == 1
    assert Proposal.objects.filter(action="window.set").count() == 1
    assert outcomes("window.set") == ["DONE", "DONE"]
