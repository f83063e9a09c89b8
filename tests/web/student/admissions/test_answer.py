"""The student's answer to an admission: effects, confirmation, time limit, waiting for a higher choice."""

from datetime import timedelta

import pytest

from tests.support.builders.after_results import at_home, confirm_with_code, waited
from tests.support.builders.officers import page_of, sends
from tests.support.builders.waiting_list import Waited
from tests.support.builders.warnings import warn
from tests.support.builders.web_season import Desk, posted, text
from yangguang import clock
from yangguang.models import Admission, Round, Window
from yangguang.rules.runs.later_rounds import NONE_LEFT
from yangguang.rules.seasons.windows import format_spoken

__all__ = ["waited"]
pytestmark = pytest.mark.django_db


def test_the_answer_page_names_losses_before_the_confirmation(desk: Desk, offered: Admission) -> None:
    page = text(desk.client.get(f"/me/answers/{offered.public_id}/"))
    for sentence in ("您本年度不再参加其他批次的录取", "您失去", NONE_LEFT):
        assert sentence in page


def test_a_warned_school_is_marked_beside_the_answer(desk: Desk, offered: Admission) -> None:
    warn(desk.personas, offered.school, "虚假宣传，责令改正")

    assert "虚假宣传，责令改正" in text(desk.client.get(f"/me/answers/{offered.public_id}/"))


def test_what_a_student_may_still_choose_is_computed_from_the_rounds(desk: Desk, offered: Admission) -> None:
    closes = clock.now() + timedelta(days=9)
    other = Round.objects.create(season=desk.round.season, number=8, name="第二次补录", kind="supplementary_ranked")
    Window.objects.create(
        season=desk.round.season, round=other, kind="choices", opens_at=offered.published_at, closes_at=closes
    )

    page = text(desk.client.get(f"/me/answers/{offered.public_id}/"))

    assert f"您还可以参加：第二次补录，{format_spoken(closes, closing=True)}。" in page
    assert NONE_LEFT not in page


def test_waiting_is_offered_only_where_the_round_keeps_a_list(desk: Desk, offered: Admission) -> None:
    url = f"/me/answers/{offered.public_id}/"
    without = desk.client.get(url).content.decode()

    assert ('value="wait"' in without, "候补" in without) == (False, False)
    refused = posted(desk.client, url, {"answer": "wait"})

    assert refused.status_code == 422
    Round.objects.filter(pk=desk.round.pk).update(keeps_waiting_list=True)
    page = desk.client.get(url).content.decode()

    assert 'value="wait"' in page
    assert "您不再候补前面的 1 个志愿" in page
    assert "不看谁先点" in page

    done = desk.proves(url, {"answer": "wait"})
    offered.refresh_from_db()

    assert (done.status_code, offered.state) == (302, "WAITING")


@pytest.mark.parametrize(("answer", "state"), [("accept", "ACCEPTED"), ("decline", "DECLINED")])
def test_an_answer_is_given_with_a_code(desk: Desk, offered: Admission, answer: str, state: str) -> None:
    done = desk.proves(f"/me/answers/{offered.public_id}/", {"answer": answer})
    offered.refresh_from_db()

    assert (done.status_code, offered.state) == (302, state)


def test_an_answer_after_its_time_is_refused_with_both_instants(desk: Desk, offered: Admission) -> None:
    Admission.objects.update(answer_by=clock.now() - timedelta(seconds=1))
    answer = sends(desk.client, f"/me/answers/{offered.public_id}/", {"answer": "accept"})

    assert answer.status_code == 409
    assert "应答已经截止" in text(answer)
    offered.refresh_from_db()

    assert offered.state == "OFFERED"


def test_a_waiting_student_may_stop_waiting_after_the_answer_deadline(waited: Waited) -> None:
    Admission.objects.update(answer_by=clock.now() - timedelta(seconds=1))
    admission = waited.held("P3")
    home = at_home(waited.people["P3"])
    page = page_of(home, f"/me/answers/{admission.public_id}/")

    assert "您不再候补前面的 1 个志愿" in page
    assert 'value="decline"' not in page
    confirm_with_code(home, f"/me/answers/{admission.public_id}/", {"answer": "accept"})

    assert waited.held("P3").state == "ACCEPTED"


def test_the_page_has_what_follows_when_nothing_is_answered(desk: Desk, offered: Admission) -> None:
    url, ends = f"/me/answers/{offered.public_id}/", offered.answer_by
    assert ends is not None
    sentences = {
        "hold": "到那时没有去报到，名额就没有了",
        "accept": "时间一过，按接受办理",
        "decline": "时间一过，按放弃办理",
    }

    for silence, sentence in sentences.items():
        Round.objects.filter(pk=desk.round.pk).update(silence=silence)
        page = text(desk.client.get(url)).split("到时候没有回答")[1]

        assert sentence in page


def test_each_answer_has_the_time_until_it_can_be_changed(desk: Desk, offered: Admission) -> None:
    page = text(desk.client.get(f"/me/answers/{offered.public_id}/"))

    assert f"{format_spoken(offered.answer_by, closing=True)}还可以改成“放弃录取”" in page
    assert page.count("按了不能改") == 1
