"""The student's withdrawal request."""

from datetime import timedelta

import pytest

from tests.support.builders.after_results import at_home, confirm_with_code, url, waited
from tests.support.builders.officers import page_of, seen
from tests.support.builders.waiting_list import Waited
from tests.support.builders.web_season import posted
from yangguang import clock
from yangguang.models import Admission, Round, Window, Withdrawal
from yangguang.rules.runs.later_rounds import NONE_LEFT

__all__ = ["waited"]
pytestmark = pytest.mark.django_db


def test_a_withdrawal_is_requested_displayed_and_taken_back(waited: Waited) -> None:
    admission = waited.held("P3")
    home = at_home(waited.people["P3"])

    assert "退名额" in page_of(home, url(waited.people["P3"]))
    first = {"reason": "family", "note": "搬家"}
    confirmation = seen(posted(home, f"/me/releases/{admission.public_id}/", first))

    assert "学校不能否决" in confirmation
    assert "您随时可以撤回申请" in confirmation
    confirm_with_code(home, f"/me/releases/{admission.public_id}/", first)
    page = page_of(home, f"/me/releases/{admission.public_id}/")

    assert "家庭原因：搬家" in page
    assert "撤回申请" in page
    assert "还剩" in page
    assert "申请退名额：甲市第一职业学校（家庭原因）" in page_of(home, url(waited.people["P3"]))
    confirm_with_code(home, f"/me/releases/{admission.public_id}/take-back/", {})

    assert Withdrawal.objects.get().state == "TAKEN_BACK"
    assert "撤回退名额的申请，名额继续保留" in page_of(home, url(waited.people["P3"]))


def test_a_note_with_a_phone_number_is_refused_beside_the_field(waited: Waited) -> None:
    admission = waited.held("P3")
    home = at_home(waited.people["P3"])
    answer = home.post(f"/me/releases/{admission.public_id}/", {"reason": "family", "note": "13812345678"})

    assert answer.status_code == 422
    assert "手机号" in seen(answer)


def test_that_nothing_is_open_after_a_withdrawal_stands_before_everything_else(waited: Waited) -> None:
    admission = Admission.objects.get(application=waited.people["P3"], state="WAITING")
    page = at_home(waited.people["P3"]).get(f"/me/releases/{admission.public_id}/").content.decode()

    assert NONE_LEFT in page
    assert page.index(NONE_LEFT) < page.index("<h1>")


def test_the_page_lists_the_rounds_that_are_open_once_the_seat_is_gone(waited: Waited) -> None:
    admission, later = (
        Admission.objects.get(application=waited.people["P3"], state="WAITING"),
        clock.now() + timedelta(days=60),
    )
    season = admission.round.season
    other = Round.objects.create(season=season, number=8, name="第二次补录", kind="supplementary_ranked")
    Window.objects.create(season=season, round=other, kind="choices", opens_at=clock.now(), closes_at=later)

    page = page_of(at_home(waited.people["P3"]), f"/me/releases/{admission.public_id}/")

    assert NONE_LEFT not in page
    assert "第二次补录" in page.split("退了以后，还能做什么")[1]
