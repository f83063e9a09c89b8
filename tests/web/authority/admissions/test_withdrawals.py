"""Withdrawals counted for supervision."""

import pytest

from tests.support.builders.after_results import waited
from tests.support.builders.officers import at_desk, page_of
from tests.support.builders.waiting_list import Waited, says
from yangguang.actions.admissions import withdrawals
from yangguang.rules.admissions.withdrawals import WithdrawalReason

__all__ = ["waited"]
pytestmark = pytest.mark.django_db


def test_withdrawals_are_counted_by_school_and_reason(waited: Waited) -> None:
    says(waited.people["P3"], withdrawals.ask, admission=waited.held("P3"), reason=WithdrawalReason.MISLED)
    page = page_of(at_desk(waited.laid.personas.me), "/desk/releases/")

    assert "甲市第一职业学校" in page
    assert "志愿不是本人真实意愿 1" in page
