"""The clock of the demonstration: it begins on the day displayed, stands still while nothing runs, and only goes on."""

from datetime import datetime, timedelta

import pytest

from yangguang import clock
from yangguang.actions.base import audit
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.seasons import practice_clock
from yangguang.models import PracticeClock
from yangguang.queries.audit.log_chain import find_broken_links
from yangguang.rules.accounts.actors import CONSOLE, GUEST
from yangguang.simulation import calendar, runner

pytestmark = pytest.mark.django_db
SOON = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def displayed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A demonstration that was displayed first, and no waiting list."""
    monkeypatch.setattr(runner, "offer_freed_seats", lambda _: None)
    practice_clock.set_clock(by=CONSOLE, to=calendar.DISPLAY_DAY)


def run_until(instant: datetime) -> None:
    """Let the clock of the running demonstration come to `instant`, without an entry in the log."""
    row = PracticeClock.objects.get()
    PracticeClock.objects.update(shift=row.shift + (instant - clock.now()))


def test_a_demonstration_that_was_off_for_days_goes_on_where_it_stopped() -> None:
    stopped = calendar.DISPLAY_DAY + timedelta(hours=5)
    run_until(stopped)
    runner.note_the_instant()
    run_until(stopped + timedelta(days=3))
    runner.show_the_day()

    assert stopped <= clock.now() < stopped + SOON


def test_one_that_was_killed_goes_on_behind_its_last_entry() -> None:
    acted = calendar.DISPLAY_DAY + timedelta(hours=7)
    run_until(acted)
    audit.write(AuditRecord("account.enter", GUEST))
    run_until(acted + timedelta(days=3))
    runner.show_the_day()

    assert acted <= clock.now() < acted + SOON
    assert list(find_broken_links()) == []


def test_one_that_was_never_displayed_begins_on_the_day() -> None:
    run_until(calendar.DISPLAY_DAY + timedelta(days=30))
    runner.show_the_day()

    assert calendar.DISPLAY_DAY <= clock.now() < calendar.DISPLAY_DAY + SOON


def test_one_that_was_killed_without_a_new_entry_does_not_show_an_earlier_instant() -> None:
    notes = runner.InstantNotes()
    noted = calendar.DISPLAY_DAY + timedelta(hours=7)
    run_until(noted)
    notes.note_due()
    seen = noted + runner.NOTED_EVERY
    run_until(seen + timedelta(days=3))
    runner.show_the_day()

    assert seen <= clock.now() < seen + SOON


def test_the_instant_is_noted_once_an_interval() -> None:
    notes = runner.InstantNotes()
    noted = calendar.DISPLAY_DAY + timedelta(hours=7)
    run_until(noted)
    notes.note_due()
    run_until(noted + timedelta(hours=1))
    notes.note_due()
    run_until(noted + timedelta(days=3))
    runner.show_the_day()

    assert noted <= clock.now() < noted + SOON


def test_the_reports_of_a_month_are_sent_after_what_happened_before_them() -> None:
    days = calendar.REPORTS

    assert calendar.OPENING < days[7] < calendar.CHOICES
    assert calendar.ANSWERS < days[8] < calendar.SILENCE
    assert calendar.SECOND_SUPPLEMENT.answers < days[9] < calendar.DIRECT
    assert calendar.DUPLICATES < days[10] < calendar.RECORDS
