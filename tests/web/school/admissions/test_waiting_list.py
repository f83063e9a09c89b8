"""The waiting lists of a school, and students admitted from them."""

import pytest

from tests.support.builders.after_results import waited
from tests.support.builders.officers import at_desk, page_of
from tests.support.builders.waiting_list import Waited

__all__ = ["waited"]
pytestmark = pytest.mark.django_db


def test_the_school_sees_its_waiting_lists_in_numbers_only(waited: Waited) -> None:
    waited.declines("P1")
    waited.offer_due()
    page = page_of(at_desk(waited.laid.personas.teacher), "/school/waiting/")

    assert "专业A" in page
    assert "候补人数" in page
    assert "P3" not in page


def test_a_student_admitted_from_the_list_is_listed_once_among_the_applicants(waited: Waited) -> None:
    waited.declines("P1")
    waited.offer_due()
    waited.takes("P3")
    page = page_of(
        at_desk(waited.laid.personas.teacher), f"/school/applicants/?programme={waited.laid.programmes['A'].code}"
    )

    assert page.count("P3") == 1
    assert "已接受" in page
