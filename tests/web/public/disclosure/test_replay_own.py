"""A student's result page shows the own rows of the public bundle, and no others."""

import re

import pytest
from django.test import Client

from tests.support.builders.officers import seen
from tests.support.builders.ranked_round import Ranked
from tests.support.personas import Personas
from yangguang.jobs.tasks import make_bundles
from yangguang.models import AdmissionRun, Application, Programme, Round
from yangguang.queries.disclosure.bundles import list_own_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(personas: Personas) -> AdmissionRun:
    ranked = Ranked.lay(personas)
    ranked.programme("A", 6, dedicated=1)
    ranked.programme("B", 6)
    for at in range(14):
        ranked.apply(600 - at, "A", "B")
    ranked.apply(300, "A", dedicated=True, number="SPECIAL")
    ranked.apply(500, "B", number="VETERAN", origin="veteran")
    Programme.objects.filter(code="B").update(origins=["junior_this_year"])
    ranked.close()
    return ranked.published()


def page_of(number: str) -> str:
    application = Application.objects.get(number=number)
    client = Client()
    session = client.session
    session["account"] = application.person.account_id
    session.save()
    answer = client.get(f"/me/{application.public_id}/results/")
    assert answer.status_code == 200
    return seen(answer)


def rows_of(number: str, run: AdmissionRun) -> list[str]:
    application = Application.objects.get(number=number)
    return [one.row for one in list_own_rows([application.pk], application.person_id)[run.public_id]]


def test_the_own_row_is_on_the_own_page_and_no_other_one(run: AdmissionRun) -> None:
    make_bundles(0)
    own, other = rows_of("N0001", run), rows_of("N0008", run)
    page = page_of("N0001")

    assert len(own) == 1
    assert own[0] in page
    assert other[0] not in page
    assert "第 1 志愿" in page
    assert "专业代号 A ，第 1 位" in page


def test_the_own_rows_are_in_the_order_of_the_choices_and_small_programmes_are_explained(personas: Personas) -> None:
    ranked = Ranked.lay(personas)
    Round.objects.filter(pk=ranked.round.pk).update(max_choices=3)
    for code, seats in (("A", 8), ("S", 1), ("T", 4), ("U", 4)):
        ranked.programme(code, seats)
    for at in range(14):
        ranked.apply(600 - at, "S", "A")
    ranked.apply(500, "S", "A", "T", number="LAST")
    ranked.apply(490, "U")
    ranked.close()
    ranked.published()
    make_bundles(0)
    page = page_of("LAST")
    part = page.split("在录取回放里找到我自己", 1)[1].split("操作手册")[0]

    assert re.findall(r"第 (\d) 志愿", part) == ["1", "2", "3"]
    assert "M-" in part
    assert "专业代号 M-" in part
    assert "请不要把代号对应哪个专业告诉别人" in part


def test_a_number_of_seats_has_its_own_label(run: AdmissionRun) -> None:
    page = page_of("N0001")

    assert "面向您的名额 6 " in page
    assert "计划人数" not in page
    assert "完全一致" not in page
    assert "本专业普通名额 6 " in page_of("VETERAN")


def test_before_the_bundle_exists_the_page_does_not_mention_it(run: AdmissionRun) -> None:
    assert "录取回放" not in page_of("N0001").split("第2批", 1)[1].split("操作手册")[0]


def test_a_pupil_of_a_dedicated_class_reads_the_words_for_any_person_outside_the_bundle(run: AdmissionRun) -> None:
    make_bundles(0)

    assert rows_of("SPECIAL", run) == []
    page = page_of("SPECIAL")

    assert "没有进入公开的回放包" in page
    assert "专门编班" not in page
    assert "单独编班" not in page
