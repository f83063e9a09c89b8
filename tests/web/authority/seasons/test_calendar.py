"""The province loads the working calendar after it has seen which clocks move."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.support.builders.enrolment import Enrolled
from tests.support.builders.officers import at_desk, page_of, seen, signed
from tests.support.builders.web_season import sealed_in
from tests.support.clients import signature_for
from tests.support.personas import Personas
from yangguang import clock
from yangguang.models import CalendarDay, Withdrawal
from yangguang.rules.seasons.windows import SHANGHAI

pytestmark = pytest.mark.django_db
URL = "/desk/calendar/"


def calendar_of(*days: date) -> str:
    return "日期,安排,说明,依据文件\n" + "".join(f"{day},休息,放假,某通知\n" for day in days)


def next_weekday() -> date:
    day = clock.now().astimezone(SHANGHAI).date() + timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day


def test_the_clocks_that_move_are_displayed_before_the_calendar_is_signed(personas: Personas) -> None:
    day = next_weekday()
    CalendarDay.objects.filter(day__year__gte=day.year).delete()
    admission = Enrolled.lay(personas).admit("某甲")
    Withdrawal.objects.create(admission=admission, reason="family", requested_at=clock.now())
    CalendarDay.objects.create(day=date(day.year + 1, 1, 1), rests=True, note="元旦", source="某通知")
    client = at_desk(personas.pe1)
    assert "1 件退录申请在等工作日历" in page_of(client, URL)

    text = calendar_of(date(day.year, 1, 1), day)
    confirmation = client.post(URL, {"file": SimpleUploadedFile("年.csv", text.encode("gb18030"))})

    assert f"载入{day.year}年的工作日历？" in seen(confirmation)
    assert "1 件正在办理的退录申请改变生效时间" in seen(confirmation)
    assert "暂时算不出来" in seen(confirmation)
    assert not CalendarDay.objects.filter(day=day).exists()
    assert signed(client, URL, {"days": text}).status_code == 302
    assert CalendarDay.objects.get(day=day).rests
    assert Withdrawal.objects.get().due_at is not None
    assert "在等工作日历" not in page_of(client, URL)


def test_a_file_with_faults_is_refused_by_its_rows_and_no_file_at_its_field(personas: Personas) -> None:
    client = at_desk(personas.pe1)
    text = calendar_of(date(2025, 1, 1)).replace("休息", "也许")

    answer = client.post(URL, {"file": SimpleUploadedFile("年.csv", text.encode())})

    assert answer.status_code == 422
    assert "第 2 行·安排" in seen(answer)
    assert client.post(URL, {}).status_code == 422


def test_a_year_that_is_not_loaded_is_named(personas: Personas) -> None:
    CalendarDay.objects.all().delete()

    page = page_of(at_desk(personas.pe1), URL)

    assert f"{clock.now().astimezone(SHANGHAI).year}年的工作日历还没有载入" in page
    assert "还没有载入任何一年" in page


def test_only_the_province_loads_a_calendar(personas: Personas) -> None:
    statuses = [at_desk(who).get(URL).status_code for who in (personas.pe1, personas.me, personas.teacher)]

    assert statuses == [200, 403, 403]


def test_a_calendar_that_a_colleague_loaded_since_is_not_replaced(personas: Personas) -> None:
    year = clock.now().year + 1
    one, other = at_desk(personas.pe1), at_desk(personas.pe2)
    opened = one.post(URL, {"days": calendar_of(date(year, 1, 1))})
    signed(other, URL, {"days": calendar_of(date(year, 1, 2))})
    answer = one.post(URL, sealed_in(opened) | signature_for(opened, one))

    assert answer.status_code == 409
    assert "这一页打开之后，内容又变了" in seen(answer)
    assert list(CalendarDay.objects.filter(day__year=year).values_list("day", flat=True)) == [date(year, 1, 2)]
