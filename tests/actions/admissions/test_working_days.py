"""A year without a calendar stops the clocks of withdrawals; with the calendar they run to the right instant."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.builders.enrolment import Enrolled
from tests.support.personas import SHELL, Personas
from yangguang import clock, reference
from yangguang.actions.admissions import withdrawals, working_days
from yangguang.models import AuditEntry, CalendarDay, Message, Withdrawal
from yangguang.queries.admissions.withdrawal_clocks import compute_due, list_calendar_days
from yangguang.queries.audit.alerts import list_alerts
from yangguang.rules.accounts.actors import SYSTEM
from yangguang.rules.base.refusals import Denied, Refused, VersionConflict
from yangguang.rules.seasons.windows import SHANGHAI, until
from yangguang.sheets.calendar import CalendarRow, read_calendar

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolled(personas: Personas) -> Enrolled:
    return Enrolled.lay(personas)


def new_year(year: int) -> CalendarRow:
    return CalendarRow(date(year, 1, 1), rests=True, note="元旦", source="某通知")


def load(*rows: CalendarRow) -> int:
    return working_days.load(by=SHELL, rows=rows, digest="0" * 64)


def request(enrolled: Enrolled, name: str, at: datetime) -> Withdrawal:
    """A running request as `withdrawals.ask` stores it at that instant."""
    admission = enrolled.admit(name)
    values = {"reason": "family", "requested_at": at, "due_at": compute_due(at).at}
    row: Withdrawal = Withdrawal.objects.create(admission=admission, **values)
    return row


def test_the_calendar_that_ships_counts_feasts_and_worked_weekends(personas: Personas) -> None:
    data = (Path(reference.__file__).parent / "calendar_days.csv").read_bytes()
    load(*read_calendar(data, "calendar_days.csv"))

    asked_at = datetime(2024, 9, 13, 10, tzinfo=SHANGHAI)

    assert compute_due(asked_at).at == until(date(2024, 9, 19)), "a worked Saturday, three days of feast, two weekdays"


def test_a_request_into_a_year_without_calendar_has_no_end_until_the_calendar_is_loaded(enrolled: Enrolled) -> None:
    CalendarDay.objects.filter(day__year__gte=2025).delete()
    row = request(enrolled, "某甲", datetime(2024, 12, 31, 10, tzinfo=SHANGHAI))

    assert (row.due_at, compute_due(row.requested_at).unknown) == (None, "2025年的工作日历还没有公布，期限暂时算不出来")
    assert withdrawals.carry_out(by=SYSTEM) == 0, "what has no end does not end, however late it is"
    assert any("1 件退录申请的期限暂时算不出来" in alert for alert in list_alerts(clock.now()))

    moves = working_days.preview([new_year(2025)], datetime(2025, 1, 2, tzinfo=SHANGHAI))
    assert [move.due.at for move in moves] == [datetime(2025, 1, 7, tzinfo=SHANGHAI)]


def test_loading_moves_the_clocks_in_one_statement_and_writes_to_their_students(enrolled: Enrolled) -> None:
    year = clock.now().astimezone(SHANGHAI).year
    CalendarDay.objects.filter(day__year__gte=year).delete()
    rows = [request(enrolled, name, clock.now()) for name in ("某甲", "某乙")]

    assert [row.due_at for row in rows] == [None, None]

    load(new_year(year))
    load(new_year(year + 1))

    for row in rows:
        row.refresh_from_db()
    due = compute_due(rows[0].requested_at).at
    assert due is not None
    assert [row.due_at for row in rows] == [due, due]
    assert [row.version for row in rows] == [2, 2]
    assert Message.objects.filter(event="withdrawal.due").count() == 2
    facts = AuditEntry.objects.filter(action="calendar.load").order_by("id").values_list("facts", flat=True)
    assert sum(one["clocks"] for one in facts) == 2


def test_a_replaced_calendar_moves_only_the_clocks_it_changes(enrolled: Enrolled) -> None:
    now = clock.now()
    row, ended = request(enrolled, "某甲", now), request(enrolled, "某乙", now)
    Withdrawal.objects.filter(pk=ended.pk).update(state="TAKEN_BACK", ended_at=now)
    first = now.astimezone(SHANGHAI).date() + timedelta(days=1)
    while first.weekday() >= 5 or first.year != (first + timedelta(days=7)).year:
        first += timedelta(days=1)
    feast = CalendarRow(first, rests=True, note="临时放假", source="某通知")
    before = row.due_at

    load(new_year(first.year), feast)

    row.refresh_from_db()
    ended.refresh_from_db()
    assert before is not None
    assert row.due_at is not None
    assert (row.due_at > before, ended.due_at) == (True, before)
    load(new_year(first.year), feast)
    assert Message.objects.filter(event="withdrawal.due").count() == 1, "the same calendar again moves nothing"


def test_an_end_that_is_moved_into_the_past_is_the_end_of_today(enrolled: Enrolled) -> None:
    now = clock.now()
    CalendarDay.objects.filter(day__year__gte=now.year - 1).delete()
    row = request(enrolled, "某甲", now - timedelta(days=40))
    years = sorted({row.requested_at.astimezone(SHANGHAI).year, now.astimezone(SHANGHAI).year})

    for year in years:
        load(new_year(year))

    row.refresh_from_db()
    assert row.due_at == until(clock.now().astimezone(SHANGHAI).date())


def test_the_days_of_the_year_are_replaced_and_those_of_other_years_stay(personas: Personas) -> None:
    load(new_year(2025), CalendarRow(date(2025, 10, 1), rests=True, note="国庆节", source="某通知"))
    load(new_year(2025))

    assert list(CalendarDay.objects.filter(day__year=2025).values_list("note", flat=True)) == ["元旦"]
    assert CalendarDay.objects.filter(day__year=2024).exists()


def test_a_calendar_without_a_day_is_refused_and_so_is_a_city(personas: Personas) -> None:
    with pytest.raises(Refused, match="没有一天"):
        load()
    with pytest.raises(Denied):
        working_days.load(by=personas.me.actor, rows=[new_year(2025)], digest="0" * 64)


def test_the_stored_days_are_listed_by_year_and_the_newest_year_first(db: None) -> None:
    days = [date(2023, 12, 30), date(2024, 1, 1), date(2024, 5, 1), date(2025, 1, 1)]
    CalendarDay.objects.all().delete()
    for day in days:
        CalendarDay.objects.create(day=day, rests=True, note="", source="测试")

    assert [(year, [row.day for row in rows]) for year, rows in list_calendar_days()] == [
        (2025, days[3:]),
        (2024, days[1:3]),
        (2023, days[:1]),
    ]


def test_a_calendar_that_was_loaded_since_is_refused_before_a_signature(personas: Personas) -> None:
    def look(seen: str) -> None:
        act = working_days.load.prepare(by=personas.pe1.actor, rows=[new_year(2031)], digest="d" * 64, seen=seen)
        act.preflight(clock.now())

    look("0")
    with pytest.raises(VersionConflict):
        look("1")
