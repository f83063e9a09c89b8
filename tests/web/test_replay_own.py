"""A student finds the own row of the public bundle on the own result page, and nobody else's."""

import pytest
from django.test import Client

from tests.cast import Cast
from tests.ranked import Ranked
from tests.web.public_stage import seen
from yangguang.jobs.bundles import make_bundles
from yangguang.models import AdmissionRun, Application
from yangguang.queries.bundles import own_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(cast: Cast) -> AdmissionRun:
    laid = Ranked.lay(cast)
    laid.line("A", 6, dedicated=1)
    laid.line("B", 6)
    for at in range(14):
        laid.apply(600 - at, "A", "B")
    laid.apply(300, "A", dedicated=True, number="SPECIAL")
    laid.close()
    return laid.published()


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
    return [one.row for one in own_rows([application.pk], application.person_id)[run.public_id]]


def test_the_own_row_is_on_the_own_page_and_no_other_one(run: AdmissionRun) -> None:
    make_bundles(0)
    own, other = rows_of("N0001", run), rows_of("N0008", run)
    page = page_of("N0001")
    assert len(own) == 1 and own[0] in page and other[0] not in page
    assert "第 1 志愿" in page and "专业代号 A ，第 1 位" in page


def test_before_the_bundle_is_made_the_page_does_not_speak_of_it(run: AdmissionRun) -> None:
    assert "录取回放" not in page_of("N0001").split("第2批", 1)[1].split("操作手册")[0]


def test_a_pupil_of_a_dedicated_class_reads_what_anybody_outside_the_bundle_reads(run: AdmissionRun) -> None:
    make_bundles(0)
    assert rows_of("SPECIAL", run) == []
    page = page_of("SPECIAL")
    assert "没有进入公开的回放包" in page and "专门编班" not in page and "单独编班" not in page
