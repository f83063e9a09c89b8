"""The student's transfer to a free seat."""

import pytest

from tests.support.builders.after_results import at_home, url
from tests.support.builders.officers import page_of
from tests.support.builders.waiting_list import LIVE, seated_at_a
from tests.support.builders.web_season import code_for, posted, sealed_in
from tests.support.personas import FAMILY_PHONE, Personas
from yangguang.models import Admission

pytestmark = pytest.mark.django_db


def test_a_student_transfers_to_a_free_seat_from_the_page_of_the_round(personas: Personas) -> None:
    laid, student = seated_at_a(personas)
    home = at_home(student)

    assert "换学校" in page_of(home, url(student))
    page = page_of(home, url(student, "choices/5/"))

    assert "换到这里 剩 1 个" in page
    assert "您现在的名额" in page
    at = url(student, f"choices/5/transfer/{laid.programmes['B'].public_id}/")

    assert "如果新名额没有了，原来的名额不变" in page_of(home, at)
    sent = posted(home, at, sealed_in(home.get(at)) | {"_step": "send"})

    assert posted(home, at, sealed_in(sent) | {"_step": "act", "_code": code_for(FAMILY_PHONE)}).status_code == 302
    assert Admission.objects.get(state__in=LIVE).programme.code == "B"
    assert "本人换录到其他专业" in page_of(home, url(student))
