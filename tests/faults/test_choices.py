"""One student, many devices at once: versions without gap or fork, one answer wins, one row per request key."""

from collections.abc import Callable
from datetime import timedelta
from itertools import islice, permutations
from typing import Any

import pytest
from django.db import transaction

from tests.support.builders.consent import CODE, lay_code
from tests.support.builders.crowd import at_once
from tests.support.builders.ranked_round import Ranked
from tests.support.personas import Personas
from yangguang import clock
from yangguang.actions.admissions import answers
from yangguang.actions.base import idempotency, step_up
from yangguang.actions.base.audit_record import content_of
from yangguang.actions.base.step_up import code_hash
from yangguang.actions.choices import choices
from yangguang.models import Account, Admission, Application, ChoiceVersion, OneTimeCode, Quota, SeatClaim
from yangguang.queries.audit.invariants.catalogue import check_invariants
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.roles import Role
from yangguang.rules.admissions import admission_states
from yangguang.rules.base.refusals import Refused, StepUpRequired
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.seasons.windows import WindowKind

DEVICES = 12
SLOWLY = "(SELECT true FROM pg_sleep(1))"
"""A condition that holds, after the statement has read the rows as they are before all others of its moment."""


@pytest.fixture
def student(personas: Personas) -> tuple[Ranked, Application]:
    laid = Ranked.lay(personas)
    for code in "ABCD":
        laid.programme(code, 5, school=laid.school(f"甲市第{code}职业学校"))
    laid.window(WindowKind.CHOICES, -1, 1)
    return laid, laid.apply(500)


def submissions(laid: Ranked, application: Application) -> list[Callable[[], Any]]:
    """As many submissions as devices, each with its order and its code."""
    programmes = [programme.pk for programme in laid.programmes.values()]
    orders = [list(order) for order in islice(permutations(programmes), DEVICES)]
    asked = [{"application": application, "round": laid.round, "programmes": order} for order in orders]
    actors = [lay_code(choices.submit, **one) for one in asked]
    return [lambda by=by, one=one: choices.submit(by=by, **one) for by, one in zip(actors, asked, strict=True)]


def test_submissions_from_many_devices_are_versions_one_after_the_other(student: tuple[Ranked, Application]) -> None:
    laid, application = student
    said = at_once(submissions(laid, application), DEVICES)

    assert [answer for answer in said if isinstance(answer, BaseException)] == []
    versions = list(ChoiceVersion.objects.order_by("number"))
    application.refresh_from_db()

    assert [version.number for version in versions] == list(range(1, DEVICES + 1))
    assert (application.choices_version, application.programmes) == (DEVICES, versions[-1].programmes)
    assert not [one for one in check_invariants().broken if one.number in (7, 8, 12, 13)]


def test_without_the_lock_versions_collide(
    student: tuple[Ranked, Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    laid, application = student

    assert choices._LOCK == "FOR UPDATE OF a"
    monkeypatch.setattr(choices, "_LOCK", "AND (SELECT true FROM pg_sleep(0.05))")
    said = at_once(submissions(laid, application), DEVICES)

    assert any(type(answer).__name__ in ("IntegrityError", "UniqueViolation") for answer in said)


def keyed(laid: Ranked, application: Application, key: str) -> list[Callable[[], Any]]:
    """The same request sent twenty times; the code that came with it is good once."""
    arguments = {"application": application, "round": laid.round, "programmes": [laid.programmes["A"].pk]}
    by = lay_code(choices.submit, request_key=key, **arguments)
    return [lambda: choices.submit(by=by, **arguments)] * 20


def test_one_request_sent_twenty_times_at_once_is_one_row_and_one_answer(student: tuple[Ranked, Application]) -> None:
    said = at_once(keyed(*student, "k" * 32), 20)
    assert {getattr(answer, "pk", answer) for answer in said} == {ChoiceVersion.objects.get().pk}


def test_without_the_kept_answer_nineteen_are_told_no(
    student: tuple[Ranked, Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "find_first_answer", lambda *_: None)
    said = at_once(keyed(*student, "k" * 32), 20)

    assert sum(isinstance(answer, BaseException) for answer in said) == 19


def test_one_code_is_good_for_one_act_however_many_try_it_at_once(student: tuple[Ranked, Application]) -> None:
    laid, application = student
    arguments = {"application": application, "round": laid.round, "programmes": [laid.programmes["A"].pk]}
    by = lay_code(choices.submit, **arguments)
    said = at_once([lambda: choices.submit(by=by, **arguments)] * 10, 10)

    assert sum(isinstance(answer, ChoiceVersion) for answer in said) == 1
    assert sum(isinstance(answer, StepUpRequired) for answer in said) == 9


def test_without_the_second_look_one_code_is_good_for_many_acts(
    student: tuple[Ranked, Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    laid, application = student
    guard = f" AND used_at IS NULL AND {step_up._TRIES_ARE_LEFT} RETURNING"

    assert step_up._USE.count(guard) == 1
    monkeypatch.setattr(step_up, "_USE", step_up._USE.replace(guard, f" AND {SLOWLY} RETURNING"))
    arguments = {"application": application, "round": laid.round, "programmes": [laid.programmes["A"].pk]}
    by = lay_code(choices.submit, **arguments)
    said = at_once([lambda: choices.submit(by=by, **arguments)] * 10, 10)

    assert sum(isinstance(answer, ChoiceVersion) for answer in said) > 1


def test_wrong_codes_at_once_count_to_five_and_the_right_one_is_worthless_then(
    student: tuple[Ranked, Application],
) -> None:
    laid, application = student
    arguments = {"application": application, "round": laid.round, "programmes": [laid.programmes["A"].pk]}
    by = lay_code(choices.submit, **arguments)
    wrong = by.with_step_up(code="000000")
    said = at_once([lambda: choices.submit(by=wrong, **arguments)] * 12, 12)

    assert {type(answer) for answer in said} == {StepUpRequired}
    assert OneTimeCode.objects.get().tries == 5
    with pytest.raises(StepUpRequired):
        choices.submit(by=by, **arguments)


def offered(laid: Ranked, application: Application) -> Admission:
    programme = laid.programmes["A"]
    quota = programme.quotas.get()
    with transaction.atomic():
        admission = Admission.objects.create(
            application=application,
            person=application.person,
            school=programme.plan.school,
            round=laid.round,
            programme=programme,
            quota=quota,
            rank=1,
            state="OFFERED",
            published_at=clock.now(),
        )
        SeatClaim.objects.create(
            person_root=application.person, intake_year=laid.personas.season.year, quota=quota, admission=admission
        )
        Quota.objects.filter(pk=quota.pk).update(taken=1)
    return admission


def test_declining_on_many_devices_gives_one_seat_back_once(student: tuple[Ranked, Application]) -> None:
    laid, application = student
    admission = offered(laid, application)

    def declines() -> Any:
        return answers.decline(by=by, admission=admission)

    by = _coded(admission)
    said = at_once([declines] * 8, 8)

    assert sum(answer is None for answer in said) == 1
    assert all(isinstance(answer, Refused) for answer in said if answer is not None)
    assert (Quota.objects.get(programme=laid.programmes["A"]).taken, SeatClaim.objects.get().state) == (0, "RELEASED")


def accept_and_decline(admission: Admission) -> list[Any]:
    """Both answers from three devices each, at once; their answers."""
    yes, no = _coded(admission, answers.accept), _coded(admission)
    both = [lambda: answers.accept(by=yes, admission=admission), lambda: answers.decline(by=no, admission=admission)]
    return at_once(both * 3, 6)


def test_accepting_and_declining_at_once_leaves_one_answer_and_true_counts(student: tuple[Ranked, Application]) -> None:
    laid, application = student
    admission = offered(laid, application)
    said = accept_and_decline(admission)

    assert all(answer is None or isinstance(answer, Refused) for answer in said)
    admission.refresh_from_db()
    live = SeatClaim.objects.filter(state__in=("HELD", "CONFIRMED")).count()

    assert Quota.objects.get(programme=laid.programmes["A"]).taken == live == (admission.state == "ACCEPTED")


def test_without_the_state_in_the_statement_only_the_trigger_refuses_to_accept_what_is_declined(
    student: tuple[Ranked, Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    laid, application = student
    admission = offered(laid, application)
    guard = f"a.state IN {render_states(admission_states.TRANSITIONS['accept'].froms)}"

    assert answers._ANSWERS["accept"].count(guard) == 1
    monkeypatch.setitem(answers._ANSWERS, "accept", answers._ANSWERS["accept"].replace(guard, SLOWLY))
    said = accept_and_decline(admission)

    assert any("DECLINED to ACCEPTED" in str(answer) for answer in said), said


def _coded(admission: Admission, act: Callable[..., Any] = answers.decline) -> Actor:
    """The family's own account with a code for this answer."""
    content = content_of(act.spec.name, {"admission": admission})  # type: ignore[attr-defined]
    account = Account.objects.get(pk=admission.person.account_id)
    OneTimeCode.objects.create(
        account=account,
        phone_hash=account.phone_hash,
        content=content,
        code_hash=code_hash(CODE, content),
        expires_at=clock.now() + timedelta(minutes=5),
    )
    return Actor(role=Role.STUDENT, account=account.pk, people=(admission.person_id,)).with_step_up(code=CODE)
