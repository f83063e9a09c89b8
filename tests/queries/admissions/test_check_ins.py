"""Check-in at a school by round, whether or not a window has been set."""

from datetime import timedelta

import pytest

from tests.support.builders.enrolment import Enrolled
from tests.support.personas import Personas
from yangguang import clock
from yangguang.models import Window
from yangguang.queries.admissions.check_ins import count_check_ins

pytestmark = pytest.mark.django_db


def test_a_round_is_counted_before_and_after_its_window_is_set(personas: Personas) -> None:
    enrolled = Enrolled.lay(personas)
    enrolled.admit("某甲", state="ACCEPTED")
    enrolled.admit("某乙", state="CHECKED_IN")
    season = enrolled.round.season
    closes = clock.now() + timedelta(days=1)

    (before,) = count_check_ins(personas.school, season)
    Window.objects.create(season=season, kind="check_in", opens_at=closes - timedelta(days=9), closes_at=closes)
    (after,) = count_check_ins(personas.school, season)

    assert (before.closes_at, before.expected, before.checked_in, before.absent) == (None, 1, 1, 0)
    assert (after.closes_at, after.expected, after.checked_in, after.absent) == (closes, 1, 1, 0)
