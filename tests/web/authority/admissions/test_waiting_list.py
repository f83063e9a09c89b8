"""The waiting list of a round at the bureau."""

import pytest

from tests.support.builders.after_results import waited
from tests.support.builders.officers import at_desk, page_of, signed
from tests.support.builders.waiting_list import Waited

__all__ = ["waited"]
pytestmark = pytest.mark.django_db


def test_an_officer_refreshes_the_list_with_a_key(waited: Waited) -> None:
    waited.declines("P1")
    desk, at = at_desk(waited.laid.personas.pe1), f"/desk/rounds/{waited.laid.round.public_id}/waiting/"

    assert "每小时递补一次" in page_of(desk, at)
    assert "现在递补" in page_of(desk, at)
    assert signed(desk, at + "offer/").status_code == 302
    assert waited.offers() == {"P3": "A"}
    assert "现在递补" not in page_of(at_desk(waited.laid.personas.me), at)
