"""After the results: students see their place and answer offers, leave with a clock, move; offices see numbers."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.support.builders.officers import at_desk, cost, family_at, page_of, seen, signed
from tests.support.builders.waiting_list import LIVE, Waited, says, seated_at_a
from tests.support.builders.web_season import code_for, posted, sealed_in
from tests.support.personas import FAMILY_PHONE, SHELL, Cast
from yangguang import clock
from yangguang.actions.admissions import waiting_list_actions, withdrawals
from yangguang.models import (
    Account,
    Admission,
    Application,
    StandingAnswer,
    WaitingOffer,
    Window,
    Withdrawal,
)
from yangguang.models.base.fields import blind
from yangguang.rules.admissions.withdrawals import WithdrawalReason
from yangguang.rules.seasons.rounds import WindowKind

pytestmark = pytest.mark.django_db


def at_home(application: Application, phone: str = FAMILY_PHONE) -> Client:
    """The family's browser; its account has a phone that codes can go to."""
    account = Account.objects.get(pk=application.person.account_id)
    account.phone, account.phone_hash = phone, blind(phone)
    account.save(update_fields=["phone", "phone_hash"])
    return family_at(account.pk)


def proves(client: Client, url: str, first: dict[str, Any]) -> Any:
    """Both steps of a family's act: what was typed, the code, the act."""
    sent = posted(client, url, sealed_in(posted(client, url, first)) | {"_step": "send"})
    return posted(client, url, sealed_in(sent) | {"_step": "act", "_code": code_for(FAMILY_PHONE)})


@pytest.fixture
def waited(cast: Cast) -> Waited:
    """P3 sits in B, waits for A and has an offer there; P5 waits behind."""
    found = Waited.lay(cast)
    found.laid.programme("A", 1)
    found.laid.programme("B", 1)
    for nth, (number, codes) in enumerate({"P1": "AB", "P3": "AB", "P5": "A"}.items()):
        found.apply(number, 600 - 10 * nth, *codes)
    found.publish()
    found.accepts("P3", wait=True)
    found.offer_due()
    return found


def url(application: Application, tail: str = "") -> str:
    return f"/me/{application.public_id}/{tail}"


def test_the_result_page_says_the_place_on_the_list_and_its_end(waited: Waited) -> None:
    p5 = waited.people["P5"]
    page = page_of(at_home(p5), url(p5, "results/"))
    assert "候补第 2 位" in page and "结束" in page and "每小时更新一次" in page


def test_an_offer_stands_first_with_its_end_and_is_taken_with_a_code(waited: Waited) -> None:
    waited.declines("P1")
    waited.offer_due()
    p3 = waited.people["P3"]
    home, offer = at_home(p3), WaitingOffer.objects.get()
    for tail in ("", "results/"):
        page = page_of(home, url(p3, tail))
        assert "候补轮到您" in page and "去应答" in page
    shown = page_of(home, f"/me/offers/{offer.public_id}/")
    assert (
        "您失去“甲市第一职业学校 · 专业B”的名额，它按候补次序递补给别人" in shown and "视为放弃递补" in shown
    )
    assert "接受递补并继续候补" not in shown, "nothing stands above the first choice"
    assert proves(home, f"/me/offers/{offer.public_id}/", {"answer": "accept"}).status_code == 302
    assert waited.seats() == {"P3": "A"}
    page = page_of(home, url(p3))
    assert "候补递补，本人接受" in page and "本人接受了候补递补的更靠前志愿" in page


def test_an_offer_is_refused_and_the_page_says_why_it_is_over(waited: Waited) -> None:
    waited.declines("P1")
    waited.offer_due()
    home, offer = at_home(waited.people["P3"]), WaitingOffer.objects.get()
    proves(home, f"/me/offers/{offer.public_id}/", {"answer": "decline"})
    assert waited.offers("DECLINED") == {"P3": "A"}
    assert "已经办结" in page_of(home, f"/me/offers/{offer.public_id}/")
    late = WaitingOffer.objects.filter(pk=offer.pk)
    assert late.get().cause == "STUDENT"


def test_an_offer_past_its_hours_has_no_button(waited: Waited) -> None:
    waited.declines("P1")
    waited.offer_due()
    now = clock.now()
    WaitingOffer.objects.update(offered_at=now - timedelta(hours=80), answer_by=now - timedelta(hours=8))
    home, offer = at_home(waited.people["P3"]), WaitingOffer.objects.get()
    page = page_of(home, f"/me/offers/{offer.public_id}/")
    assert "已过应答截止" in page and "验证码确认" not in page
    refused = home.post(f"/me/offers/{offer.public_id}/", {"answer": "accept"})
    assert refused.status_code == 409 and "递补应答已经截止" in seen(refused)


def test_who_waits_may_stop_waiting_after_the_time_for_answers(waited: Waited) -> None:
    Admission.objects.update(answer_by=clock.now() - timedelta(seconds=1))
    held = waited.held("P3")
    home = at_home(waited.people["P3"])
    page = page_of(home, f"/me/answers/{held.public_id}/")
    assert (
        "您不再候补前面的 1 个志愿" in page
        and "放弃录取" not in page.split("您的应答")[-1].split("下一步")[0]
    )
    proves(home, f"/me/answers/{held.public_id}/", {"answer": "accept"})
    assert waited.held("P3").state == "ACCEPTED"


def test_a_standing_wish_is_optional_set_and_switched_off(waited: Waited) -> None:
    p5 = waited.people["P5"]
    home = at_home(p5)
    page = home.get(url(p5, "auto-answer/")).content.decode()
    assert "没有使用" in page and 'value="0" id="id_up_to_0" required checked' in page
    assert "立即替您接受" in seen(posted(home, url(p5, "auto-answer/"), {"up_to": "2"}))
    proves(home, url(p5, "auto-answer/"), {"up_to": "2"})
    assert StandingAnswer.objects.get().up_to == 2 and "已设定" in page_of(home, url(p5, "auto-answer/"))
    proves(home, url(p5, "auto-answer/"), {"up_to": "0"})
    assert StandingAnswer.objects.get().up_to == 0


def test_a_release_is_asked_for_watched_and_taken_back(waited: Waited) -> None:
    held = waited.held("P3")
    home = at_home(waited.people["P3"])
    assert "退录" in page_of(home, url(waited.people["P3"]))
    first = {"why": "family", "note": "搬家"}
    asked = seen(posted(home, f"/me/releases/{held.public_id}/", first))
    assert "学校不能否决" in asked and "您随时可以撤回申请" in asked
    proves(home, f"/me/releases/{held.public_id}/", first)
    page = page_of(home, f"/me/releases/{held.public_id}/")
    assert "家庭原因：搬家" in page and "撤回退录申请" in page and "还剩" in page
    assert "申请退录：甲市第一职业学校（家庭原因）" in page_of(home, url(waited.people["P3"]))
    proves(home, f"/me/releases/{held.public_id}/take-back/", {})
    assert Withdrawal.objects.get().state == "TAKEN_BACK"
    assert "撤回退录申请，名额继续保留" in page_of(home, url(waited.people["P3"]))


def test_a_note_with_a_number_is_refused_beside_the_field(waited: Waited) -> None:
    held = waited.held("P3")
    home = at_home(waited.people["P3"])
    answer = home.post(f"/me/releases/{held.public_id}/", {"why": "family", "note": "13812345678"})
    assert answer.status_code == 422 and "手机号" in seen(answer)


def test_the_school_sees_the_request_and_answers_in_time_but_has_no_veto(waited: Waited) -> None:
    p3, desk = waited.people["P3"], at_desk(waited.laid.cast.teacher)
    release = says(p3, withdrawals.ask, admission=waited.held("P3"), why=WithdrawalReason.FEES)
    page = page_of(desk, "/school/releases/")
    assert "收费与公布的不一致" in page and "P3" in page and "某甲" not in page
    at = f"/school/releases/{release.public_id}/"
    form = page_of(desk, at)
    assert "不能否决" in form and "没有异议" in form
    assert signed(desk, at, {"says": "objects", "text": "可以分期交"}).status_code == 302
    assert "学校对退录提出意见" in page_of(at_home(p3), url(p3))
    assert "可以分期交" in page_of(at_home(p3), f"/me/releases/{waited.held('P3').public_id}/")


def test_the_schools_consent_ends_it_at_once(waited: Waited) -> None:
    release = says(
        waited.people["P3"], withdrawals.ask, admission=waited.held("P3"), why=WithdrawalReason.FEES
    )
    desk = at_desk(waited.laid.cast.teacher)
    signed(desk, f"/school/releases/{release.public_id}/", {"says": "agrees"})
    assert "P3" not in waited.seats() and "已退录" in page_of(desk, "/school/releases/")


def test_the_school_sees_its_lists_in_numbers(waited: Waited) -> None:
    waited.declines("P1")
    waited.offer_due()
    page = page_of(at_desk(waited.laid.cast.teacher), "/school/waiting/")
    assert "专业A" in page and "候补人数" in page and "P3" not in page


def test_the_bureau_sees_the_list_and_works_through_it_with_a_key(waited: Waited) -> None:
    waited.declines("P1")
    desk, at = at_desk(waited.laid.cast.pe1), f"/desk/rounds/{waited.laid.round.public_id}/waiting/"
    assert "每小时递补一次" in page_of(desk, at) and "现在递补" in page_of(desk, at)
    assert signed(desk, at + "offer/").status_code == 302
    assert waited.offers() == {"P3": "A"}
    assert "现在递补" not in page_of(at_desk(waited.laid.cast.me), at)


def test_the_preview_names_who_would_be_released_and_how_many_seats(waited: Waited) -> None:
    window = waited.laid.cast.open(WindowKind.CHECK_IN)
    desk, at = at_desk(waited.laid.cast.pe1), f"/desk/rounds/{waited.laid.round.public_id}/absent/"
    page = page_of(desk, at)
    assert "P3" in page and "专业B" in page and "报到还没有截止" in page and "某甲" not in page
    now = clock.now()
    Window.objects.filter(pk=window.pk).update(
        opens_at=now - timedelta(days=3), closes_at=now - timedelta(days=1)
    )
    assert "释放未报到的名额" in page_of(desk, at)
    assert Admission.objects.filter(state="ABSENT").count() == 0, "a preview changes nothing"


def test_reasons_of_releases_are_counted_by_school_for_supervision(waited: Waited) -> None:
    says(waited.people["P3"], withdrawals.ask, admission=waited.held("P3"), why=WithdrawalReason.MISLED)
    page = page_of(at_desk(waited.laid.cast.me), "/desk/releases/")
    assert "甲市第一职业学校" in page and "志愿不是本人真实意愿 1" in page


def test_a_student_moves_to_a_free_seat_from_the_page_of_the_round(cast: Cast) -> None:
    laid, student = seated_at_a(cast)
    home = at_home(student)
    assert "换录" in page_of(home, url(student))
    page = page_of(home, url(student, "choices/5/"))
    assert "换到这里（剩 1 个）" in page and "您现在的名额" in page
    at = url(student, f"choices/5/transfer/{laid.programmes['B'].public_id}/")
    assert "如果新名额没有了，原来的名额不变" in page_of(home, at)
    sent = posted(home, at, sealed_in(home.get(at)) | {"_step": "send"})
    assert (
        posted(home, at, sealed_in(sent) | {"_step": "act", "_code": code_for(FAMILY_PHONE)}).status_code
        == 302
    )
    assert Admission.objects.get(state__in=LIVE).programme.code == "B"
    assert "本人换录到其他专业" in page_of(home, url(student))


@pytest.mark.parametrize("tail", ["releases/", "waiting/"])
def test_the_schools_pages_cost_the_same_with_one_row_and_with_three(waited: Waited, tail: str) -> None:
    desk = at_desk(waited.laid.cast.teacher)
    says(waited.people["P3"], withdrawals.ask, admission=waited.held("P3"), why=WithdrawalReason.FEES)
    one = cost(desk, f"/school/{tail}")
    waited.accepts("P1")
    says(waited.people["P1"], withdrawals.ask, admission=waited.held("P1"), why=WithdrawalReason.FAMILY)
    waited.laid.programme("C", 3)
    assert cost(desk, f"/school/{tail}") == one


def test_the_hourly_jobs_do_the_same_work(waited: Waited) -> None:
    from yangguang.jobs.waiting_list import offer_freed_seats
    from yangguang.jobs.withdrawals import carry_out_releases

    waited.declines("P1")
    assert offer_freed_seats(0) == 1
    release = says(
        waited.people["P3"], withdrawals.ask, admission=waited.held("P3"), why=WithdrawalReason.WORK
    )
    Withdrawal.objects.filter(pk=release.pk).update(due_at=clock.now() - timedelta(seconds=1))
    assert (carry_out_releases(0), carry_out_releases(0)) == (1, 0)
    assert waited.seats() == {} and WaitingOffer.objects.get().state == "ENDED"
    waited.laid.window(WindowKind.WAITING, -9, -0.001)
    assert offer_freed_seats(0) == 0
    assert offer_freed_seats(0) == 0


def test_offers_of_an_ended_list_lapse_by_the_hour(waited: Waited) -> None:
    from yangguang.jobs.waiting_list import offer_freed_seats

    waited.declines("P1")
    waited.offer_due()
    waited.laid.window(WindowKind.WAITING, -9, -0.001)
    offer_freed_seats(0)
    now = clock.now()
    WaitingOffer.objects.update(offered_at=now - timedelta(hours=80), answer_by=now - timedelta(hours=8))
    offer_freed_seats(0)
    assert (
        waited.offers("LAPSED"),
        waiting_list_actions.lapse_offers(by=SHELL, round=waited.laid.round),
    ) == (
        {"P3": "A"},
        0,
    )


def test_who_came_from_the_list_stands_once_among_the_schools_applicants(waited: Waited) -> None:
    waited.declines("P1")
    waited.offer_due()
    waited.takes("P3")
    page = page_of(
        at_desk(waited.laid.cast.teacher), f"/school/applicants/?programme={waited.laid.programmes['A'].code}"
    )
    assert page.count("P3") == 1 and "已接受" in page
