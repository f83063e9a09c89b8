"""What cannot be done now is refused on the first page of the act, with the reason, and no code is sent for it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.support.builders.officers import family_at, seen
from tests.support.builders.ranked_round import Ranked
from tests.support.builders.waiting_list import Waited, says, seated_at_a
from tests.support.builders.web_season import Desk, posted, sealed_in, text
from tests.support.personas import Personas
from yangguang import clock
from yangguang.actions.admissions import withdrawals
from yangguang.models import (
    Admission,
    AuditEntry,
    OneTimeCode,
    Quota,
    Sanction,
    StudentRecord,
    ViolationKind,
    Window,
    Withdrawal,
)
from yangguang.rules.admissions.withdrawals import WithdrawalReason

pytestmark = pytest.mark.django_db


def closed() -> None:
    Window.objects.filter(kind="choices").update(closes_at=clock.now() - timedelta(minutes=1))


def refuses(desk: Desk, url: str, status: int, says: str) -> None:
    """On opening the page, on pressing 获取验证码 at one opened before, and without a code."""
    codes, log = OneTimeCode.objects.count(), AuditEntry.objects.count()
    for answer in (desk.client.get(url), posted(desk.client, url, {"_step": "send"})):
        assert answer.status_code == status
        assert says in text(answer)
        assert "获取验证码" not in text(answer)
    assert (OneTimeCode.objects.count(), AuditEntry.objects.count()) == (codes, log)


def test_an_empty_list_is_not_offered_for_submission(personas: Personas) -> None:
    desk = Desk.lay(personas)
    refuses(desk, desk.choices_url + "submit/", 422, "还没有填报任何志愿")


def test_choices_are_not_read_again_after_their_window(personas: Personas) -> None:
    desk = Desk.lay(personas)
    desk.add(desk.programmes[0])
    closed()
    refuses(desk, desk.choices_url + "submit/", 409, "志愿填报已经截止")


def test_a_list_that_breaks_a_rule_is_said_before_the_code(personas: Personas) -> None:
    desk = Desk.lay(personas)
    desk.round.max_majors_per_school = 1
    desk.round.save(update_fields=["max_majors_per_school"])
    desk.add(*desk.programmes[:2])
    answer = desk.client.get(desk.choices_url + "submit/")

    assert answer.status_code == 422
    assert "超过每校1个的上限" in text(answer)
    assert "第2志愿" in text(answer)
    assert "choice-2" not in text(answer)


def full(_: Desk) -> None:
    Quota.objects.update(taken=20)


def dedicated(_: Desk) -> None:
    Quota.objects.update(code="dedicated")


def other_origin(desk: Desk) -> None:
    desk.programmes[0].origins = ["veteran"]
    desk.programmes[0].save(update_fields=["origins"])


@pytest.mark.parametrize(
    ("spoil", "status", "sentence"),
    [
        (lambda _: closed(), 409, "志愿填报已经截止"),
        (full, 422, "名额已经注册满了"),
        (dedicated, 422, "没有面向您的名额类别"),
        (other_origin, 422, "您不能注册这个专业"),
    ],
)
def test_a_seat_that_cannot_be_had_is_refused_before_the_code(
    personas: Personas, spoil: Callable[[Desk], None], status: int, sentence: str
) -> None:
    desk = Desk.lay(personas, kind="direct")
    url = f"{desk.choices_url}claim/{desk.programmes[0].public_id}/"

    assert "获取验证码" in text(desk.client.get(url))
    spoil(desk)
    refuses(desk, url, status, sentence)

    assert not Admission.objects.exists()


def recorded() -> None:
    held = Admission.objects.get()
    StudentRecord.objects.create(
        person=held.person,
        admission=held,
        school=held.school,
        number="2024X00001",
        major="护理",
        programme_type="three_year",
        entered_on="2024-09-01",
    )


@pytest.fixture
def moving(personas: Personas) -> tuple[Ranked, str, Desk]:
    """A student in A who may move to B of the same school; the address of the move."""
    laid, student = seated_at_a(personas)
    desk = Desk(personas, personas.family(), student, laid.round, [], family_at(student.person.account_id))
    return laid, desk.url(f"choices/5/transfer/{laid.programmes['B'].public_id}/"), desk


@pytest.mark.parametrize(
    ("spoil", "status", "sentence"),
    [
        (lambda _: closed(), 409, "志愿填报已经截止"),
        (lambda _: Quota.objects.filter(programme__code="B").update(taken=1), 422, "已经没有名额了"),
        (lambda _: recorded(), 422, "您的学籍已经生成"),
    ],
)
def test_a_move_that_cannot_be_made_is_refused_before_the_code(
    moving: tuple[Ranked, str, Desk], spoil: Callable[[Desk], None], status: int, sentence: str
) -> None:
    _, url, desk = moving

    assert "如果新名额没有了" in text(desk.client.get(url))
    spoil(desk)
    refuses(desk, url, status, sentence)


def test_moving_within_a_capped_school_is_no_one_more(moving: tuple[Ranked, str, Desk]) -> None:
    laid, url, desk = moving
    now, other = clock.now(), laid.apply(None, number="N2")
    Sanction.objects.create(
        unit=laid.personas.school,
        kind="CAP",
        cap=1,
        state="DECIDED",
        sentence="测试",
        starts_at=now - timedelta(days=1),
        decided_at=now - timedelta(days=1),
        proposed_by=desk.application.person.account,
        decided_by=other.person.account,
        violation=ViolationKind.objects.create(year=2023, position=1, text="测试", source="测试", clause="二"),
    )

    assert desk.client.get(url).status_code == 200


def test_a_release_is_asked_for_once_and_taken_back_once(personas: Personas) -> None:
    waited = Waited.lay(personas)
    waited.laid.programme("A", 1)
    waited.laid.programme("B", 1)
    waited.apply("P1", 600, "A")
    waited.publish()
    person = waited.people["P1"]
    home, held = family_at(person.person.account_id), waited.held("P1")
    url, first = f"/me/releases/{held.public_id}/", {"reason": "family"}
    early = home.post(url, first)

    assert early.status_code == 409
    assert "还没有应答" in seen(early)
    waited.accepts("P1")

    assert home.post(url, first).status_code == 200
    says(person, withdrawals.ask, admission=waited.held("P1"), reason=WithdrawalReason.FEES)
    again = home.post(url, first)

    assert again.status_code == 409
    assert "您已经申请退录" in seen(again)
    assert home.get(url + "take-back/").status_code == 200
    Withdrawal.objects.update(state="TAKEN_BACK", ended_at=clock.now())
    over = home.get(url + "take-back/")

    assert over.status_code == 409
    assert "获取验证码" not in seen(over)


def test_a_page_opened_in_time_still_gets_the_acts_own_refusal(personas: Personas) -> None:
    desk = Desk.lay(personas)
    desk.add(desk.programmes[0])
    url = desk.choices_url + "submit/"
    sealed = sealed_in(desk.client.get(url))
    closed()
    late = posted(desk.client, url, sealed | {"_step": "act", "_code": "000000"})

    assert late.status_code == 409
    assert "志愿填报已经截止" in text(late)
    assert AuditEntry.objects.filter(action="choices.submit", outcome="DENIED").count() == 1
