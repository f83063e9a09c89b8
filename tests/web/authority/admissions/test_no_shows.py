"""The preview of students who have not checked in."""

from datetime import timedelta

import pytest

from tests.support.builders.after_results import waited
from tests.support.builders.officers import at_desk, page_of
from tests.support.builders.waiting_list import Waited
from yangguang import clock
from yangguang.models import Admission, Window
from yangguang.rules.seasons.windows import WindowKind

__all__ = ["waited"]
pytestmark = pytest.mark.django_db


def test_the_preview_lists_students_and_seats_and_changes_nothing(waited: Waited) -> None:
    window = waited.laid.personas.open(WindowKind.CHECK_IN)
    desk, at = at_desk(waited.laid.personas.pe1), f"/desk/rounds/{waited.laid.round.public_id}/absent/"
    page = page_of(desk, at)

    assert "P3" in page
    assert "专业B" in page
    assert "报到还没有截止" in page
    assert "某甲" not in page
    now = clock.now()
    Window.objects.filter(pk=window.pk).update(opens_at=now - timedelta(days=3), closes_at=now - timedelta(days=1))

    assert "释放未报到的名额" in page_of(desk, at)
    assert Admission.objects.filter(state="ABSENT").count() == 0, "a preview changes nothing"
