"""A notice is public from the instant of its publication, once per request, and hides no characters."""

from dataclasses import replace

import pytest

from tests.support.personas import Personas
from yangguang import clock
from yangguang.actions.publicity import notices
from yangguang.models import Notice
from yangguang.rules.base.refusals import Denied, Refused

pytestmark = pytest.mark.django_db


def test_a_notice_speaks_for_the_officers_unit(personas: Personas) -> None:
    notice = personas.me.sign(notices.publish, title=" 关于补录 ", body="第一行\n第二行", source="测试文件")
    assert (notice.unit, notice.title, notice.published_at) == (personas.city, "关于补录", clock.now())


def test_a_title_may_fill_its_column(personas: Personas) -> None:
    assert personas.me.sign(notices.publish, title="题" * 120, body="文").title == "题" * 120


def test_the_same_request_twice_is_one_notice(personas: Personas) -> None:
    once = personas.me
    once.actor = replace(once.actor, request_key="k1")
    first = once.sign(notices.publish, title="题", body="文")

    assert once.sign(notices.publish, title="题", body="文").pk == first.pk
    assert Notice.objects.count() == 1


@pytest.mark.parametrize(
    ("title", "body", "sentence"),
    [
        ("", "文", "没有填写标题"),
        ("题", "  ", "没有填写正文"),
        ("题" * 121, "文", "超过120字"),
        ("题\u202e", "文", "U\\+202E"),
        ("题", "文\x00", "U\\+0000"),
        ("题", "文\u200b字", "U\\+200B"),
    ],
)
def test_a_faulty_notice_is_refused(personas: Personas, title: str, body: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        personas.me.sign(notices.publish, title=title, body=body)
    assert Notice.objects.count() == 0


def test_a_school_publishes_no_notice(personas: Personas) -> None:
    with pytest.raises(Denied):
        personas.teacher.act(notices.publish, title="题", body="文")
