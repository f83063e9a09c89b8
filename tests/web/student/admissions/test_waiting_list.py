"""The student's pages of the waiting list: place, offer, answer."""

from datetime import timedelta

import pytest

from tests.support.builders.after_results import at_home, confirm_with_code, url, waited
from tests.support.builders.officers import page_of, seen
from tests.support.builders.waiting_list import Waited
from tests.support.builders.warnings import warn
from yangguang import clock
from yangguang.models import WaitingOffer

__all__ = ["waited"]
pytestmark = pytest.mark.django_db


def test_the_result_page_shows_the_place_on_the_list_and_its_end(waited: Waited) -> None:
    p5 = waited.people["P5"]
    page = page_of(at_home(p5), url(p5, "results/"))

    assert "候补第 2 位" in page
    assert "为止" in page
    assert "每小时更新一次" in page


def test_an_open_offer_comes_first_and_is_accepted_with_a_code(waited: Waited) -> None:
    waited.declines("P1")
    waited.offer_due()
    p3 = waited.people["P3"]
    home, offer = at_home(p3), WaitingOffer.objects.get()
    for tail in ("", "results/"):
        page = page_of(home, url(p3, tail))
        assert "候补轮到您" in page
        assert "去应答" in page
    page = page_of(home, f"/me/offers/{offer.public_id}/")

    assert "您失去“甲市第一职业学校 · 专业B”的名额，它按候补次序递补给别人" in page
    assert "按放弃递补办理" in page
    assert "接受递补并继续候补" not in page, "nothing stands above the first choice"
    assert confirm_with_code(home, f"/me/offers/{offer.public_id}/", {"answer": "accept"}).status_code == 302
    assert waited.seats() == {"P3": "A"}
    page = page_of(home, url(p3))

    assert "候补递补，本人接受" in page
    assert "本人接受了候补递补的更靠前志愿" in page


def test_a_declined_offer_is_displayed_as_ended(waited: Waited) -> None:
    waited.declines("P1")
    waited.offer_due()
    home, offer = at_home(waited.people["P3"]), WaitingOffer.objects.get()
    confirm_with_code(home, f"/me/offers/{offer.public_id}/", {"answer": "decline"})

    assert waited.offers("DECLINED") == {"P3": "A"}
    assert "已经办结" in page_of(home, f"/me/offers/{offer.public_id}/")
    late = WaitingOffer.objects.filter(pk=offer.pk)

    assert late.get().cause == "STUDENT"


def test_an_offer_past_its_deadline_has_no_button_and_a_warned_school_its_mark(waited: Waited) -> None:
    waited.declines("P1")
    waited.offer_due()
    now = clock.now()
    WaitingOffer.objects.update(offered_at=now - timedelta(hours=80), answer_by=now - timedelta(hours=8))
    home, offer = at_home(waited.people["P3"]), WaitingOffer.objects.get()
    warn(waited.laid.personas, offer.school, "虚假宣传，责令改正")
    page = page_of(home, f"/me/offers/{offer.public_id}/")

    assert "回答的时间已经过了" in page
    assert "虚假宣传，责令改正" in page
    assert "验证码确认" not in page
    refused = home.post(f"/me/offers/{offer.public_id}/", {"answer": "accept"})

    assert refused.status_code == 409
    assert "递补应答已经截止" in seen(refused)
