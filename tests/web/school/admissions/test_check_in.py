"""Check-in at the school's desk. (F-C5)"""

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests.support.builders.officers import seen, signed
from tests.support.builders.public_season import PublicSeason
from yangguang import clock
from yangguang.models import Admission, AuditEntry, Message
from yangguang.rules.base.numbers import luhn
from yangguang.rules.seasons.windows import SHANGHAI, WindowKind

UNKNOWN = "240000000000000" + luhn("240000000000000")
pytestmark = pytest.mark.django_db


def test_pasted_and_ticked_numbers_are_checked_in_and_a_wrong_one_has_its_reason(
    public_season: PublicSeason, school: Client
) -> None:
    public_season.personas.open(WindowKind.CHECK_IN)
    one, two = public_season.admitted("某甲"), public_season.admitted("某乙")
    today = clock.now().date().isoformat()
    data = {
        "arrived_on": today,
        "numbers": [one.application.number],
        "pasted": f"'{two.application.number}\n{UNKNOWN}",
    }
    page = school.post("/school/check-in/take/", data)

    assert "为 3 个报名号办理报到" in seen(page)
    assert one.application.number in seen(page)
    answer = signed(school, "/school/check-in/take/", data)

    assert "本校的录取名单中没有这个报名号" in seen(answer)
    assert UNKNOWN in seen(answer)
    assert list(Admission.objects.values_list("state", flat=True)) == ["CHECKED_IN", "CHECKED_IN"]
    assert Message.objects.filter(event="check_in.taken").count() == 2
    assert AuditEntry.objects.filter(action="check_in.take", outcome="DONE").count() == 1


def test_nothing_is_checked_in_without_a_signature(public_season: PublicSeason, school: Client) -> None:
    public_season.personas.open(WindowKind.CHECK_IN)
    number = public_season.admitted("某甲").application.number
    data = {"arrived_on": clock.now().date().isoformat(), "pasted": number}
    page = school.post("/school/check-in/take/", data)
    sealed = re.findall(r'name="_typed" value="([^"]*)"', page.content.decode())[0]
    refused = school.post("/school/check-in/take/", {"_typed": sealed, "_step": "act", "_assertion": "{}"})

    assert refused.status_code == 403
    assert Admission.objects.get().state == "OFFERED"


@pytest.mark.parametrize("day", ["1999-01-01", "0001-01-01", "yesterday"])
def test_a_day_before_the_window_is_refused_before_the_key(
    public_season: PublicSeason, school: Client, day: str
) -> None:
    window = public_season.personas.open(WindowKind.CHECK_IN)
    opens = window.opens_at.astimezone(SHANGHAI).date()
    arrived_on = (opens - timedelta(days=1)).isoformat() if day == "yesterday" else day
    data = {"arrived_on": arrived_on, "pasted": public_season.admitted("某甲").application.number}
    log = AuditEntry.objects.count()
    page = school.post("/school/check-in/take/", data)

    assert page.status_code == 422
    assert "报到日期早于报到开始的日期" in seen(page)
    assert data["pasted"] in page.content.decode()
    assert AuditEntry.objects.count() == log
    assert school.post("/school/check-in/take/", data | {"arrived_on": opens.isoformat()}).status_code == 200


def test_a_ticked_text_that_is_no_number_is_listed_like_any_other(public_season: PublicSeason, school: Client) -> None:
    today = clock.now().astimezone(SHANGHAI).date().isoformat()
    sent = f"numbers=2400%00&numbers=%ED%A0%80&arrived_on={today}"
    page = school.post("/school/check-in/take/", sent, content_type="application/x-www-form-urlencoded")

    assert page.status_code == 200
    assert "为 2 个报名号办理报到" in seen(page)


def test_a_closed_window_is_refused_with_the_form_as_it_was(public_season: PublicSeason, school: Client) -> None:
    window = public_season.personas.open(WindowKind.CHECK_IN)
    window.opens_at, window.closes_at = clock.now() - timedelta(days=9), clock.now() - timedelta(days=8)
    window.save()
    number = public_season.admitted("某甲").application.number
    data = {"arrived_on": clock.now().date().isoformat(), "pasted": number}
    answer = school.post("/school/check-in/take/", data)

    assert answer.status_code == 422
    assert "报到已经截止" in seen(answer)
    assert number in answer.content.decode()
    empty = school.post("/school/check-in/take/", {"arrived_on": data["arrived_on"]})

    assert empty.status_code == 422
    assert "名单是空的" in seen(empty)


@pytest.mark.parametrize("word", ["2.42E+15", "2423123412341230", "张三", "２４２３１２３４１２３４１２３０"])
def test_what_cannot_be_a_number_is_refused_on_the_first_page(
    public_season: PublicSeason, school: Client, word: str
) -> None:
    public_season.personas.open(WindowKind.CHECK_IN)
    number = public_season.admitted("某甲").application.number
    data = {"arrived_on": clock.now().date().isoformat(), "pasted": f"{number}，{word}"}
    answer = school.post("/school/check-in/take/", data)

    assert answer.status_code == 422
    assert f"有1个不是报名号：{word}" in seen(answer)


def test_a_list_over_the_limit_is_refused_with_its_length(public_season: PublicSeason, school: Client) -> None:
    numbers = [f"24{n:013d}" for n in range(2_001)]
    pasted = "\n".join(number + luhn(number) for number in numbers)
    answer = school.post("/school/check-in/take/", {"arrived_on": clock.now().date().isoformat(), "pasted": pasted})

    assert answer.status_code == 422
    assert "名单有2001个报名号，一次最多2000个" in seen(answer)


def test_a_number_is_taken_in_full_width_with_blanks_and_with_the_apostrophe_of_our_csv(
    public_season: PublicSeason, school: Client
) -> None:
    public_season.personas.open(WindowKind.CHECK_IN)
    number = public_season.admitted("某甲").application.number
    wide = number.translate({ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789"})
    for spelled in (wide, f"'{number}", f"\u202d{number}\u202c", f'"{number}"'):
        page = school.post("/school/check-in/take/", {"arrived_on": clock.now().date().isoformat(), "pasted": spelled})

        assert "为 1 个报名号办理报到" in seen(page), spelled
