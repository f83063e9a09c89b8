"""Which season pages show, and which one a family registers for: computed from the windows and the clock."""

from datetime import datetime, timedelta

import pytest

from yangguang import clock
from yangguang.models import Season, Window
from yangguang.queries.seasons.seasons import current_season, list_seasons_to_join
from yangguang.rules.seasons.windows import WindowKind

pytestmark = pytest.mark.django_db


def make_season(
    year: int,
    term: str,
    begins: int,
    ends: int,
    kind: WindowKind = WindowKind.REGISTRATION,
    season: Season | None = None,
) -> Season:
    """A season with one window from `begins` to `ends`, in days from now."""
    season = season or Season.objects.create(year=year, term=term)
    now = clock.now()
    span = {"opens_at": now + timedelta(days=begins), "closes_at": now + timedelta(days=ends)}
    Window.objects.create(season=season, kind=kind.value, **span)
    return season


def test_without_a_season_there_is_no_current_one() -> None:
    assert current_season() is None


def test_the_season_that_is_on_is_the_current_one_though_the_next_year_is_loaded() -> None:
    on = make_season(2024, "AUTUMN", -10, 10)
    make_season(2025, "SPRING", 120, 150)

    assert current_season() == on


def test_of_two_that_are_on_the_one_that_began_last_is_current() -> None:
    make_season(2024, "SPRING", -100, 10)
    autumn = make_season(2024, "AUTUMN", -5, 90)

    assert current_season() == autumn


def test_between_seasons_the_next_one_is_current_and_after_the_last_one_the_last() -> None:
    past = make_season(2024, "AUTUMN", -90, -10)

    assert current_season() == past

    following = make_season(2025, "SPRING", 120, 150)
    make_season(2025, "AUTUMN", 220, 350)

    assert current_season() == following


def test_of_past_seasons_the_one_that_ended_last_is_current_though_it_is_unknown_when_another_began() -> None:
    unknown = Season.objects.create(year=2023, term="AUTUMN")
    Window.objects.create(
        season=unknown, kind=WindowKind.REGISTRATION.value, opens_at=None, closes_at=clock.now() - timedelta(days=300)
    )
    past = make_season(2024, "AUTUMN", -90, -10)

    assert current_season() == past


def test_a_season_without_dates_is_never_preferred() -> None:
    Season.objects.create(year=2026, term="AUTUMN")
    past = make_season(2024, "AUTUMN", -90, -10)

    assert current_season() == past


def test_monthly_reports_do_not_keep_a_season_on() -> None:
    past = make_season(2024, "AUTUMN", -90, -10)
    make_season(2024, "AUTUMN", -90, 30, WindowKind.REPORTING, past)
    following = make_season(2025, "SPRING", 20, 60)

    assert current_season() == following


def test_a_family_registers_for_spring_while_only_spring_is_open_for_it() -> None:
    spring = make_season(2024, "SPRING", -5, 10)
    autumn = make_season(2024, "AUTUMN", -3, 90, WindowKind.PLAN_ENTRY)

    assert current_season() == autumn
    assert list_seasons_to_join() == [spring]


def test_a_family_is_offered_every_season_that_is_open_the_first_to_close_first() -> None:
    autumn = make_season(2024, "AUTUMN", -5, 30)
    spring = make_season(2025, "SPRING", -2, 10)
    make_season(2025, "AUTUMN", 100, 130)

    assert list_seasons_to_join() == [spring, autumn]


def test_while_no_registration_is_open_the_current_season_is_the_one_to_join() -> None:
    assert list_seasons_to_join() == []

    autumn = make_season(2024, "AUTUMN", 5, 30)

    assert list_seasons_to_join() == [autumn]


def test_the_clock_decides_and_not_the_order_of_loading(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(clock.now(), datetime)
    autumn = make_season(2024, "AUTUMN", 10, 100)
    spring = make_season(2024, "SPRING", -40, -10)

    assert current_season() == autumn
    assert spring != autumn
