"""Windows on the page of the province: set by two people, filled with what is set now."""

import re
from datetime import datetime
from html import unescape

import pytest

from tests.support.builders.officers import at_desk, page_of, seen, sends, signed
from tests.support.builders.public_season import PublicSeason
from yangguang.models import Notice, Window

pytestmark = pytest.mark.django_db


def test_a_window_is_set_by_two_people_with_the_same_content(public_season: PublicSeason) -> None:
    url = "/desk/windows/set/?kind=registration"
    said = {"kind": "registration", "opens_at": "2030-03-01T00:00", "last_day": "2030-03-20", "source": "测试文件"}
    first, second = at_desk(public_season.personas.pe1), at_desk(public_season.personas.pe2)
    confirmation = sends(first, url, said)

    assert "2030年3月20日24:00（即3月21日00:00）" in seen(confirmation)
    assert "另一位同事" in seen(confirmation)
    assert signed(first, url, said).status_code == 202
    assert not Window.objects.filter(kind="registration").exists()
    assert "设定开放时间" in page_of(second, "/desk/proposals/")
    assert "您提请的" in page_of(first, "/desk/proposals/")
    assert "内容完全一致" in seen(sends(second, url, said))
    assert "内容完全一致" not in seen(sends(second, url, said | {"last_day": "2030-03-21"}))
    assert signed(second, url, said).status_code == 302
    assert Window.objects.get(kind="registration").closes_at.isoformat() == "2030-03-20T16:00:00+00:00"
    assert "您已经提请" not in page_of(first, "/desk/proposals/")


def test_a_window_that_ends_before_it_begins_is_refused_beside_its_field(public_season: PublicSeason) -> None:
    said = {"kind": "registration", "opens_at": "2030-03-20T00:00", "last_day": "2030-03-01", "source": "测试文件"}
    answer = sends(at_desk(public_season.personas.pe1), "/desk/windows/set/?kind=registration", said)

    assert answer.status_code == 422
    assert "截止时间不晚于开始时间" in seen(answer)
    assert "测试文件" in answer.content.decode()
    assert not Window.objects.filter(kind="registration").exists()
    assert not Notice.objects.exists()


def test_the_window_that_is_there_stands_in_the_form_and_comes_back_as_it_was(public_season: PublicSeason) -> None:
    held = Window.objects.create(
        season=public_season.personas.season,
        round=public_season.enrolled.round,
        kind="choices",
        source="原文件",
        opens_at="2030-03-01T08:00:07+08:00",
        closes_at="2030-03-20T17:30:09+08:00",
    )
    first, second = at_desk(public_season.personas.pe1), at_desk(public_season.personas.pe2)
    links = re.findall(r'href="(/desk/windows/set/[^"]*round=[^"]*)"', first.get("/desk/windows/").content.decode())
    url = next(unescape(link) for link in links if link.endswith("kind=choices"))
    form = first.get(url).context["form"]
    said = {name: form[name].subwidgets[0].data["value"] for name in form.fields}

    assert said == {
        "round": str(public_season.enrolled.round.number),
        "kind": "choices",
        "source": "原文件",
        "opens_at": "2030-03-01T08:00",
        "last_day": "2030-03-20",
        "last_time": "17:30",
    }
    wrong = sends(first, url, said | {"last_day": "2030-02-30"})

    assert wrong.status_code == 422
    for typed in ("2030-03-01T08:00", "2030-02-30", "17:30", "原文件"):
        assert f'value="{typed}"' in wrong.content.decode(), typed
    for officer_ in (first, second):
        signed(officer_, url, said | {"source": "新文件", "last_day": "2030-03-21"})
    changed = Window.objects.get(pk=held.pk)

    assert changed.opens_at == datetime.fromisoformat("2030-03-01T08:00:07+08:00"), "its seconds are kept"
    assert changed.closes_at == datetime.fromisoformat("2030-03-21T17:30:00+08:00")


def test_an_end_at_midnight_is_displayed_as_the_day_before(public_season: PublicSeason) -> None:
    Window.objects.create(
        season=public_season.personas.season,
        kind="reporting",
        source="原文件",
        opens_at="2030-07-01T00:00+08:00",
        closes_at="2031-01-01T00:00+08:00",
    )
    page = at_desk(public_season.personas.pe1).get("/desk/windows/set/?kind=reporting").content.decode()

    assert 'value="2030-12-31"' in page
    assert 'value="2030-07-01T00:00"' in page
    assert "整个招生季·月报" in page
    assert 'type="time" name="last_time"' in page
    assert 'name="last_time" value' not in page
