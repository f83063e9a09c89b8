"""Withdrawal requests at a school."""

import pytest

from tests.support.builders.after_results import at_home, url, waited
from tests.support.builders.officers import at_desk, cost, page_of, signed
from tests.support.builders.waiting_list import Waited, says
from yangguang.actions.admissions import withdrawals
from yangguang.rules.admissions.withdrawals import WithdrawalReason

__all__ = ["waited"]
pytestmark = pytest.mark.django_db


def test_the_school_comments_on_a_request_but_has_no_veto(waited: Waited) -> None:
    p3, desk = waited.people["P3"], at_desk(waited.laid.personas.teacher)
    release = says(p3, withdrawals.ask, admission=waited.held("P3"), reason=WithdrawalReason.FEES)
    page = page_of(desk, "/school/releases/")

    assert "收费与公布的不一致" in page
    assert "P3" in page
    assert "某甲" not in page
    at = f"/school/releases/{release.public_id}/"
    form = page_of(desk, at)

    assert "不能否决" in form
    assert "没有异议" in form
    assert signed(desk, at, {"opinion": "objects", "text": "可以分期交"}).status_code == 302
    assert "学校对退名额提出意见" in page_of(at_home(p3), url(p3))
    assert "可以分期交" in page_of(at_home(p3), f"/me/releases/{waited.held('P3').public_id}/")


def test_without_objection_the_withdrawal_takes_effect_at_once(waited: Waited) -> None:
    release = says(waited.people["P3"], withdrawals.ask, admission=waited.held("P3"), reason=WithdrawalReason.FEES)
    desk = at_desk(waited.laid.personas.teacher)
    signed(desk, f"/school/releases/{release.public_id}/", {"opinion": "agrees"})

    assert "P3" not in waited.seats()
    assert "已退录" in page_of(desk, "/school/releases/")


@pytest.mark.parametrize("tail", ["releases/", "waiting/"])
def test_the_schools_pages_cost_the_same_with_one_row_and_with_three(waited: Waited, tail: str) -> None:
    desk = at_desk(waited.laid.personas.teacher)
    says(waited.people["P3"], withdrawals.ask, admission=waited.held("P3"), reason=WithdrawalReason.FEES)
    one = cost(desk, f"/school/{tail}")
    waited.accepts("P1")
    says(waited.people["P1"], withdrawals.ask, admission=waited.held("P1"), reason=WithdrawalReason.FAMILY)
    waited.laid.programme("C", 3)

    assert cost(desk, f"/school/{tail}") == one
