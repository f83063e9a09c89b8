"""The student's answer to an admission while waiting for a higher choice."""

from datetime import timedelta

import pytest

from tests.support.builders.after_results import at_home, confirm_with_code, waited
from tests.support.builders.officers import page_of
from tests.support.builders.waiting_list import Waited
from yangguang import clock
from yangguang.models import Admission

__all__ = ["waited"]
pytestmark = pytest.mark.django_db


def test_a_waiting_student_may_stop_waiting_after_the_answer_deadline(waited: Waited) -> None:
    Admission.objects.update(answer_by=clock.now() - timedelta(seconds=1))
    admission = waited.held("P3")
    home = at_home(waited.people["P3"])
    page = page_of(home, f"/me/answers/{admission.public_id}/")
    assert "您不再候补前面的 1 个志愿" in page and "放弃录取" not in page.split("您的应答")[-1].split("下一步")[0]
    confirm_with_code(home, f"/me/answers/{admission.public_id}/", {"answer": "accept"})
    assert waited.held("P3").state == "ACCEPTED"
