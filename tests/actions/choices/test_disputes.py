"""志愿异议: what the family says is looked into by one officer and decided by another; others do not count."""

from datetime import timedelta

import pytest

from tests.support.builders.consent import CODE, confirmed
from tests.support.builders.policy import set_rule
from tests.support.builders.ranked_round import Ranked
from tests.support.personas import Personas, officer
from yangguang import clock
from yangguang.actions.base.audit_record import content_of
from yangguang.actions.base.step_up import code_hash
from yangguang.actions.choices import choices, disputes
from yangguang.models import (
    Account,
    Admission,
    Application,
    ChoiceDispute,
    ChoiceVersion,
    Guardian,
    Message,
    OneTimeCode,
    Round,
    WindowException,
)
from yangguang.queries.audit.invariants.catalogue import check_invariants
from yangguang.queries.choices.choice_history import version_history, versions_for_officer
from yangguang.queries.runs.preconditions import list_checks
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.roles import Role
from yangguang.rules.base.refusals import Denied, IllegalMove, NotFound, Refused, WindowClosed
from yangguang.rules.choices import dispute_states
from yangguang.rules.choices.dispute_states import Verdict
from yangguang.rules.seasons.windows import WindowKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def laid(personas: Personas) -> Ranked:
    ranked = Ranked.lay(personas)
    for code in "ABC":
        ranked.programme(code, 5, school=ranked.school(f"学校{code}"))
    return ranked


def waiting(laid: Ranked) -> int:
    """How many disputes of the round wait for an officer."""
    return ChoiceDispute.objects.filter(round=laid.round, state__in=dispute_states.WAITING).count()


def submitted(laid: Ranked, *lists: str) -> Application:
    """Versions of one family, each really submitted while the window is open; then the review period begins."""
    laid.window(WindowKind.CHOICES, -3, 1)
    student = laid.apply(400)
    Guardian.objects.create(person=student.person, name="某大甲", relation="父亲", phone="15450000009")
    for wanted in lists:
        confirmed(
            choices.submit,
            application=student,
            round=laid.round,
            programmes=[laid.programmes[code].pk for code in wanted],
        )
        student.refresh_from_db()
    laid.window(WindowKind.CHOICES, -3, -0.01)
    laid.window(WindowKind.REVIEW, -0.01, 1)
    return student


def disputed(laid: Ranked, student: Application, back_to: int | None = 1) -> ChoiceDispute:
    named = None if back_to is None else student.versions.get(number=back_to)
    return confirmed(disputes.open_dispute, application=student, round=laid.round, back_to=named, note="老师替我改的")


def looked_into(personas: Personas, row: ChoiceDispute, verdict: Verdict = Verdict.RESTORE) -> ChoiceDispute:
    params = {"dispute": row, "verdict": verdict, "reason": "当面核对了身份证和手机"}
    return personas.ce.sign(disputes.propose, **params)


def decided(personas: Personas, row: ChoiceDispute, verdict: Verdict = Verdict.RESTORE) -> ChoiceDispute:
    return personas.me.sign(disputes.decide, dispute=looked_into(personas, row, verdict))


def test_every_submit_tells_student_and_guardian_what_changed_once_each(laid: Ranked) -> None:
    student = submitted(laid, "AB", "CB")
    messages = list(Message.objects.order_by("id").values_list("event", "text"))

    assert [event for event, _ in messages] == ["choices.submit", "choices.submit.guardian"] * 2
    first, _, own, guardian = (text for _, text in messages)

    assert "您的志愿已提交（第1版" in first
    assert "新增第1志愿学校A·专业A；新增第2志愿学校B·专业B。" in first
    assert "您的志愿有变动（第2版" in own
    assert "第1志愿由学校A·专业A改为学校C·专业C。" in own
    assert guardian.startswith("【阳光招生】您的孩子某*的志愿有变动")
    assert student.person.name not in guardian
    assert student.number not in own + guardian


def test_the_version_the_family_points_to_comes_into_force_again_as_a_version_of_its_own(
    personas: Personas, laid: Ranked
) -> None:
    student = submitted(laid, "AB", "C")
    row = decided(personas, disputed(laid, student))
    student.refresh_from_db()
    programmes = [laid.programmes[code].pk for code in "AB"]

    assert (row.state, student.programmes, student.choices_version) == ("RESTORED", programmes, 3)
    version = ChoiceVersion.objects.get(number=3)

    assert (version.submitted_by, version.dispute_id, version.by_account_id) == (
        "RESTORED",
        row.pk,
        personas.me.actor.account,
    )
    assert len(version.receipt) == 64
    assert ChoiceVersion.objects.count() == 3
    assert check_invariants([7, 8, 12, 21, 23]).broken == []
    assert "第1版的内容，现为第3版" in Message.objects.get(event="dispute.decide").text


def test_a_restored_choice_counts_as_submitted_in_time_when_it_leads_to_a_seat(
    personas: Personas, laid: Ranked
) -> None:
    student = laid.apply(400)
    for number, code in ((1, "A"), (2, "C")):
        ChoiceVersion.objects.create(
            application=student,
            round=laid.round,
            number=number,
            programmes=[laid.programmes[code].pk],
            submitted_by="SELF",
            by_account=student.person.account,
            receipt="0" * 64,
            recorded_at=clock.now() - timedelta(days=2),
        )
    Application.objects.update(choices_version=2, state="CHOSEN", programmes=[laid.programmes["C"].pk])
    laid.window(WindowKind.CHOICES, -3, -1)
    laid.window(WindowKind.REVIEW, -1, 1)
    decided(personas, disputed(laid, student))
    programme = laid.programmes["A"]
    Admission.objects.create(
        application=student,
        person=student.person,
        school=programme.plan.school,
        round=laid.round,
        programme=programme,
        quota=programme.quotas.get(),
        rank=1,
        published_at=clock.now(),
    )

    assert ChoiceVersion.objects.get(number=3).recorded_at > laid.round.windows.get(kind="choices").closes_at
    assert check_invariants([6]).broken == []


def test_while_a_dispute_waits_the_run_waits_and_then_goes_on(personas: Personas, laid: Ranked) -> None:
    student = submitted(laid, "A", "B")
    row = disputed(laid, student)
    laid.window(WindowKind.REVIEW, -2, -0.001)

    def waits() -> list[str]:
        return [
            one.sentence for one in list_checks(laid.round, clock.now()) if one.code == "disputes" and not one.holds
        ]

    assert (waiting(laid), len(waits())) == (1, 1)
    looked_into(personas, row)

    assert len(waits()) == 1
    personas.me.sign(disputes.decide, dispute=row)

    assert (waiting(laid), waits()) == (0, [])


def test_who_has_no_version_of_their_own_gets_time_to_fill_in_and_the_run_waits_for_it(
    personas: Personas, laid: Ranked
) -> None:
    student = submitted(laid, "C")
    set_rule("review.refill_hours", 30)
    decided(personas, disputed(laid, student, None), Verdict.REFILL)
    given = WindowException.objects.get()

    assert given.until - clock.now() == pytest.approx(timedelta(hours=30), abs=timedelta(minutes=1))
    assert given.proposed_by_id != given.approved_by_id
    assert not next(one for one in list_checks(laid.round, clock.now()) if one.code == "exceptions").holds
    confirmed(choices.submit, application=student, round=laid.round, programmes=[laid.programmes["A"].pk])
    student.refresh_from_db()

    assert (student.programmes, student.versions.count()) == ([laid.programmes["A"].pk], 2)
    other = laid.apply(300)
    with pytest.raises(WindowClosed):
        confirmed(choices.submit, application=other, round=laid.round, programmes=[laid.programmes["A"].pk])


def test_a_declined_dispute_changes_nothing_and_the_family_reads_why(personas: Personas, laid: Ranked) -> None:
    student = submitted(laid, "A", "B")
    row = decided(personas, disputed(laid, student), Verdict.DECLINE)
    student.refresh_from_db()

    assert (row.state, student.programmes, student.choices_version) == ("DECLINED", [laid.programmes["B"].pk], 2)
    assert "未予恢复" in (text := Message.objects.get(event="dispute.decide").text)
    assert "当面核对" in text


def test_nobody_alone_and_nobody_of_another_area_puts_a_version_back(personas: Personas, laid: Ranked) -> None:
    row = disputed(laid, submitted(laid, "A", "B"))
    far = officer("far", Role.CITY_EDUCATION, personas.other_city)
    with pytest.raises(NotFound):
        far.sign(disputes.propose, dispute=row, verdict=Verdict.RESTORE, reason="无")
    with pytest.raises(IllegalMove):
        personas.me.sign(disputes.decide, dispute=row)
    personas.me.sign(disputes.propose, dispute=row, verdict=Verdict.RESTORE, reason="核对无误")
    with pytest.raises(Refused, match="不能由提出人自己批准"):
        personas.me.sign(disputes.decide, dispute=row)
    with pytest.raises(Denied):
        personas.ce.sign(disputes.decide, dispute=row)
    with pytest.raises(Denied):
        personas.teacher.sign(disputes.propose, dispute=row, verdict=Verdict.RESTORE, reason="无")
    personas.pe1.sign(disputes.decide, dispute=row)

    assert ChoiceVersion.objects.filter(submitted_by="RESTORED").count() == 1
    with pytest.raises(IllegalMove):
        personas.pe2.sign(disputes.decide, dispute=row)


def test_a_look_that_does_not_convince_goes_back_and_the_family_may_take_it_back(
    personas: Personas, laid: Ranked
) -> None:
    student = submitted(laid, "A", "B")
    row = looked_into(personas, disputed(laid, student))
    personas.me.sign(disputes.return_back, dispute=row, reason="请当面核对")
    row.refresh_from_db()

    assert (row.state, row.verdict) == ("OPEN", "")
    account = Account.objects.get(pk=student.person.account_id)
    by = Actor(role=Role.STUDENT, account=account.pk, people=(student.person_id,))
    confirmed_withdrawal(by, row)
    row.refresh_from_db()

    assert (row.state, waiting(laid)) == ("WITHDRAWN", 0)


def confirmed_withdrawal(by: Actor, row: ChoiceDispute) -> None:
    content = content_of("dispute.withdraw", {"dispute": row})
    account = Account.objects.get(pk=by.account)
    OneTimeCode.objects.create(
        account=account,
        phone_hash=account.phone_hash,
        content=content,
        code_hash=code_hash(CODE, content),
        expires_at=clock.now() + timedelta(minutes=5),
    )
    disputes.withdraw(by=by.with_step_up(code=CODE), dispute=row)


def test_only_in_the_review_period_only_ones_own_and_only_once(personas: Personas, laid: Ranked) -> None:
    student = submitted(laid, "A", "B")
    laid.window(WindowKind.REVIEW, -2, -1)
    with pytest.raises(WindowClosed, match="志愿复核已经截止"):
        disputed(laid, student)
    laid.window(WindowKind.REVIEW, -1, 1)
    with pytest.raises(Refused, match="不是本批次更早的一版"):
        disputed(laid, student, 2)
    other = laid.apply(1, "A")
    with pytest.raises(Refused, match="不是本批次更早的一版"):
        confirmed(disputes.open_dispute, application=student, round=laid.round, back_to=other.versions.get(), note="")
    disputed(laid, student)
    with pytest.raises(Refused, match="正在核查"):
        disputed(laid, student)
    with pytest.raises(Refused, match="没有提交过志愿"):
        disputed(laid, laid.apply(1), None)

    assert Round.objects.count() == ChoiceDispute.objects.count() == 1


@pytest.mark.parametrize(
    ("named", "verdict"), [(1, Verdict.REFILL), (None, Verdict.RESTORE)], ids=["named", "not_named"]
)
def test_officers_can_only_answer_what_the_family_asked_for(
    personas: Personas, laid: Ranked, named: int | None, verdict: Verdict
) -> None:
    row = disputed(laid, submitted(laid, "A", "B"), named)
    with pytest.raises(Refused, match="不能处理为"):
        looked_into(personas, row, verdict)
    with pytest.raises(Refused, match="没有写明理由"):
        personas.ce.sign(disputes.propose, dispute=row, verdict=Verdict.DECLINE, reason=" ")


def test_the_family_reads_every_version_and_officers_read_no_school(personas: Personas, laid: Ranked) -> None:
    student = submitted(laid, "A", "BC")
    row = disputed(laid, student)
    by = Actor(role=Role.STUDENT, account=student.person.account_id, people=(student.person_id,))
    history = version_history(by, student, laid.round)

    assert [(one.version.number, one.names) for one in history] == [
        (2, ["学校B · 专业B", "学校C · 专业C"]),
        (1, ["学校A · 专业A"]),
    ]
    assert version_history(personas.ce.actor, student, laid.round) == []
    seen = versions_for_officer(row)

    assert [(one.number, one.choices, one.changes, one.is_named, one.is_disputed) for one in seen] == [
        (1, 1, 0, True, False),
        (2, 2, 2, False, True),
    ]
    assert "学校" not in repr(seen)


def test_invariant_seven_sees_a_version_that_officers_wrote_without_a_dispute_of_the_family(
    personas: Personas, laid: Ranked
) -> None:
    student = submitted(laid, "A", "B")
    row = decided(personas, disputed(laid, student))

    assert check_invariants([7]).broken == []
    ChoiceDispute.objects.filter(pk=row.pk).update(by_account=personas.ce.actor.account)

    assert [one.number for one in check_invariants([7]).broken] == [7]
