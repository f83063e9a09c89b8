"""A page of a family that names a seat to be given up does not give up another one that was taken since. (F-I6)"""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.support.builders.after_results import at_home, confirm_with_code, url
from tests.support.builders.officers import seen, sends
from tests.support.builders.waiting_list import LIVE, Waited, seated_at_a
from tests.support.builders.web_season import code_for, posted, sealed_in
from tests.support.personas import FAMILY_PHONE, Personas
from yangguang.models import Admission, WaitingOffer

pytestmark = pytest.mark.django_db


def ask_for_code(home: Client, at: str, opened: HttpResponse) -> Callable[[], HttpResponse]:
    """Get the code for a confirmation page; the last step is what is returned."""
    fields = sealed_in(posted(home, at, sealed_in(opened) | {"_step": "send"}))
    code = code_for(FAMILY_PHONE)
    return lambda: posted(home, at, fields | {"_step": "act", "_code": code})


def test_an_older_transfer_page_does_not_give_up_the_seat_taken_since(personas: Personas) -> None:
    laid, student = seated_at_a(personas)
    laid.programme("C", 1)
    home = at_home(student)
    to_b, to_c = (url(student, f"choices/5/transfer/{laid.programmes[code].public_id}/") for code in "BC")
    transfer_to_b = ask_for_code(home, to_b, home.get(to_b))
    assert ask_for_code(home, to_c, home.get(to_c))().status_code == 302

    answer = transfer_to_b()

    assert answer.status_code == 409
    assert "您的名额变了" in seen(answer)
    assert "专业C" in seen(answer)
    assert Admission.objects.get(state__in=LIVE).programme.code == "C"


def test_an_older_offer_page_does_not_give_up_the_seat_taken_since(personas: Personas) -> None:
    waited = Waited.lay(personas)
    for code in "ABC":
        waited.laid.programme(code, 1)
    for nth, (number, codes) in enumerate({"P1": "A", "P2": "B", "P3": "ABC"}.items()):
        waited.apply(number, 600 - 10 * nth, *codes)
    waited.publish()
    waited.accepts("P3", wait=True)
    for number in ("P2", "P1"):
        waited.declines(number)
        waited.offer_due()
    home = at_home(waited.people["P3"])
    open_offers = WaitingOffer.objects.filter(state="OPEN").order_by("programme__code")
    of_a, of_b = (f"/me/offers/{offer.public_id}/" for offer in open_offers)
    accept_a = ask_for_code(home, of_a, sends(home, of_a, {"answer": "accept"}))
    assert confirm_with_code(home, of_b, {"answer": "wait"}).status_code == 302

    answer = accept_a()

    assert answer.status_code == 409
    assert "您的名额变了" in seen(answer)
    assert waited.seats() == {"P3": "B"}
    assert "您失去“甲市第一职业学校 · 专业B”的名额" in seen(answer)
