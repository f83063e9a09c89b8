"""The hourly jobs after the results."""

from datetime import timedelta

import pytest

from tests.support.builders.after_results import waited
from tests.support.builders.waiting_list import Waited, says
from tests.support.personas import SHELL
from yangguang import clock
from yangguang.actions.admissions import waiting_list_actions, withdrawals
from yangguang.jobs.tasks import carry_out_withdrawals, offer_freed_seats
from yangguang.models import WaitingOffer, Withdrawal
from yangguang.rules.admissions.withdrawals import WithdrawalReason
from yangguang.rules.seasons.windows import WindowKind

__all__ = ["waited"]
pytestmark = pytest.mark.django_db


def test_the_hourly_jobs_offer_freed_seats_and_carry_out_withdrawals(waited: Waited) -> None:
    waited.declines("P1")

    assert offer_freed_seats(0) == 1

    release = says(waited.people["P3"], withdrawals.ask, admission=waited.held("P3"), reason=WithdrawalReason.WORK)
    Withdrawal.objects.filter(pk=release.pk).update(due_at=clock.now() - timedelta(seconds=1))

    assert (carry_out_withdrawals(0), carry_out_withdrawals(0)) == (1, 0)
    assert waited.seats() == {}
    assert WaitingOffer.objects.get().state == "ENDED"

    waited.laid.window(WindowKind.WAITING, -9, -0.001)

    assert offer_freed_seats(0) == 0
    assert offer_freed_seats(0) == 0


def test_open_offers_of_an_ended_list_lapse_at_their_deadline(waited: Waited) -> None:
    waited.declines("P1")
    waited.offer_due()
    waited.laid.window(WindowKind.WAITING, -9, -0.001)
    offer_freed_seats(0)
    now = clock.now()
    WaitingOffer.objects.update(offered_at=now - timedelta(hours=80), answer_by=now - timedelta(hours=8))
    offer_freed_seats(0)

    assert (waited.offers("LAPSED"), waiting_list_actions.lapse_offers(by=SHELL, round=waited.laid.round)) == (
        {"P3": "A"},
        0,
    )
