"""The student's standing answer."""

import re

import pytest

from tests.support.builders.after_results import at_home, confirm_with_code, url, waited
from tests.support.builders.officers import page_of, seen, sends
from tests.support.builders.waiting_list import Waited
from yangguang.models import Round, StandingAnswer

__all__ = ["waited"]
pytestmark = pytest.mark.django_db


def test_a_standing_answer_is_optional_and_can_be_set_and_switched_off(waited: Waited) -> None:
    p5 = waited.people["P5"]
    home = at_home(p5)
    page = home.get(url(p5, "auto-answer/")).content.decode()

    assert "没有使用" in page
    assert 'value="0" id="id_up_to_0" required checked' in page
    assert "立即替您接受" in seen(sends(home, url(p5, "auto-answer/"), {"up_to": "2"}))
    confirm_with_code(home, url(p5, "auto-answer/"), {"up_to": "2"})

    assert StandingAnswer.objects.get().up_to == 2
    assert "已设定" in page_of(home, url(p5, "auto-answer/"))
    confirm_with_code(home, url(p5, "auto-answer/"), {"up_to": "0"})

    assert StandingAnswer.objects.get().up_to == 0


def test_there_is_a_range_for_every_choice_that_a_round_allows(waited: Waited) -> None:
    p5 = waited.people["P5"]
    home, page = at_home(p5), url(p5, "auto-answer/")
    Round.objects.update(max_choices=9)

    offered = re.findall(r'name="up_to" value="(\d+)"', home.get(page).content.decode())
    beyond = sends(home, page, {"up_to": "10"})
    confirm_with_code(home, page, {"up_to": "9"})

    assert offered == [str(rank) for rank in range(10)]
    assert beyond.status_code == 422
    assert StandingAnswer.objects.get().up_to == 9
