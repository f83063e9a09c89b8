"""政策公告 on the screens: written, read as the public will, signed, public at once."""

import pytest
from django.test import Client

from tests.support.builders.officers import at_desk, cost, page_of, seen, signed
from tests.support.personas import Personas, personas
from yangguang import clock
from yangguang.models import Notice

__all__ = ["personas"]
pytestmark = pytest.mark.django_db
URL, LIST = "/desk/notices/new/", "/desk/notices/"
TEXT = {"title": "2024年招生办法", "body": "第一段。\r\n\r\n<b>第二段</b>", "source": "教职成〔2024〕1号"}


def test_a_notice_is_read_as_the_public_will_before_it_is_signed(personas: Personas) -> None:
    answer = at_desk(personas.me).post(URL, TEXT)
    html = answer.content.decode()

    assert "<p>第一段。</p>" in html
    assert "&lt;b&gt;第二段&lt;/b&gt;" in html
    assert "甲市 · " in seen(answer)
    assert "不能改，也不能撤下" in seen(answer)
    assert Notice.objects.count() == 0


def test_a_signed_notice_is_public_at_once_with_unit_and_source(personas: Personas) -> None:
    desk = at_desk(personas.me)

    answer = signed(desk, URL, TEXT)

    notice = Notice.objects.get()
    assert answer.headers["Location"] == f"/notices/{notice.public_id}/"
    assert (notice.unit, notice.title, notice.body) == (personas.city, TEXT["title"], "第一段。\n\n<b>第二段</b>")
    assert "2024年招生办法 甲市" in page_of(Client(), "/")
    assert "教职成〔2024〕1号" in page_of(Client(), answer.headers["Location"])
    assert "2024年招生办法" in page_of(desk, LIST)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"title": ""}, "这一项必填"), ({"body": "文\u202e字"}, "看不见的字符"), ({"title": "题" * 121}, "太长")],
)
def test_a_faulty_notice_is_refused_before_the_key_and_what_was_typed_stays(
    personas: Personas, change: dict[str, str], sentence: str
) -> None:
    answer = at_desk(personas.ce).post(URL, TEXT | change)

    assert answer.status_code == 422
    assert sentence in seen(answer)
    assert "教职成〔2024〕1号" in answer.content.decode()
    assert Notice.objects.count() == 0


def test_a_school_has_no_page_for_notices(personas: Personas) -> None:
    assert at_desk(personas.teacher).get(URL).status_code == 403


def test_the_list_has_the_notices_of_the_bureau_and_below_and_costs_the_same_for_three(personas: Personas) -> None:
    def add(unit: object, title: str) -> None:
        Notice.objects.create(unit=unit, title=title, body="文", published_at=clock.now())

    desk = at_desk(personas.me)
    add(personas.county, "一县公告")
    for_one = cost(desk, LIST)
    add(personas.city, "甲市公告")
    add(personas.county, "一县又一篇")
    add(personas.other_city, "乙市公告")

    assert cost(desk, LIST) == for_one
    assert "一县公告" in page_of(desk, LIST)
    assert "乙市公告" not in page_of(desk, LIST)
