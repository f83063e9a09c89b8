"""免试注册: own consent, open to one's origin, one seat a person, and never one seat too many."""

import pytest

from tests.actions.runs.test_runs import sanction
from tests.support.builders.consent import confirmed
from tests.support.builders.ranked_round import Ranked
from tests.support.personas import Personas
from yangguang.actions.admissions import direct_enrolment
from yangguang.actions.base.action import ACTIONS
from yangguang.actions.runs import runs
from yangguang.models import Admission, Application, Quota, RoundProgramme, SeatClaim, SeatEvent
from yangguang.models.audit.audit import AuditEntry
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.roles import Role
from yangguang.rules.base.refusals import NotFound, Refused, StepUpRequired, WindowClosed
from yangguang.rules.seasons.windows import WindowKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def direct(personas: Personas) -> Ranked:
    laid = Ranked.lay(personas, number=5, kind="direct")
    laid.programme("A", 1)
    laid.window(WindowKind.CHOICES, -1, 1)
    return laid


def claim(direct: Ranked, application: Application, code: str = "A", *, request_key: str = "") -> Admission:
    done: Admission = confirmed(
        direct_enrolment.enrol,
        application=application,
        round=direct.round,
        programme=direct.programmes[code],
        request_key=request_key,
    )
    return Admission.objects.get(pk=done.pk)


def refused(direct: Ranked, application: Application, code: str = "A") -> str:
    before = list(Quota.objects.order_by("pk").values_list("taken", flat=True))
    with pytest.raises(Refused) as refusal:
        claim(direct, application, code)
    assert list(Quota.objects.order_by("pk").values_list("taken", flat=True)) == before
    return refusal.value.what


def test_a_consent_is_an_accepted_admission_with_its_claim_event_and_count(direct: Ranked) -> None:
    application = direct.apply(None)
    admission = claim(direct, application)

    assert (admission.state, admission.rank, admission.cause) == ("ACCEPTED", 1, "STUDENT")
    assert admission.answered_at == admission.published_at
    seat = SeatClaim.objects.get()

    assert (seat.state, seat.admission_id, seat.person_root_id) == ("HELD", admission.pk, application.person_id)
    assert list(SeatEvent.objects.values_list("state", "cause")) == [("HELD", "STUDENT")]
    assert Quota.objects.get().taken == 1
    assert AuditEntry.objects.get(action="seat.claim").person == application.person_id


def test_the_last_seat_goes_once(direct: Ranked) -> None:
    claim(direct, direct.apply(None))
    assert refused(direct, direct.apply(None)) == "这个专业的名额已经注册满了"


def test_one_person_holds_one_seat_whatever_the_programme(direct: Ranked) -> None:
    direct.programme("B", 1)
    application = direct.apply(None)
    claim(direct, application)

    assert refused(direct, application, "B") == "您本年度已经占用一个名额"


def test_an_origin_the_programme_is_not_open_to_is_refused(direct: Ranked) -> None:
    direct.programme("B", 1, origins=("veteran",))
    application = direct.apply(None)

    assert refused(direct, application, "B") == "您不能注册这个专业：生源类别不在招收范围"
    assert claim(direct, direct.apply(None, origin="veteran"), "B").state == "ACCEPTED"


def test_a_programme_outside_the_round_is_refused(direct: Ranked) -> None:
    other = Ranked.lay(direct.personas, number=6, kind="direct")
    direct.programmes["X"] = other.programme("X", 1, school=direct.school("丙校"))

    assert refused(direct, direct.apply(None), "X") == "这个专业不在本批次的招生范围内"


def test_seats_that_a_ranked_run_is_giving_away_are_not_claimed(direct: Ranked) -> None:
    ranked = Ranked.lay(direct.personas, number=4)
    programme = ranked.programme("R", 2, school=direct.school("丙校"))
    ranked.apply(500, "R", number="N9001")
    ranked.close()
    direct.programmes["R"] = programme
    RoundProgramme.objects.create(round=direct.round, programme=programme, seats=2)
    run = ranked.approved()
    application = direct.apply(None)

    assert refused(direct, application, "R") == "这个专业的名额正在集中录取中"
    ranked.personas.pe1.sign(runs.publish, run=run)

    assert claim(direct, application, "R").state == "ACCEPTED"


def test_a_stopped_school_and_a_full_capped_one_take_nobody(direct: Ranked) -> None:
    capped, stopped = direct.school("丙校"), direct.school("丁校")
    direct.programme("C", 5, school=capped)
    direct.programme("C2", 5, school=capped)
    direct.programme("S", 5, school=stopped)
    sanction(direct, "CAP", cap=1, unit=capped)
    sanction(direct, "STOP", unit=stopped)
    claim(direct, direct.apply(None), "C")

    assert refused(direct, direct.apply(None), "C2") == "这所学校的招生人数已达到限额1人"
    assert refused(direct, direct.apply(None), "S") == "您不能注册这个专业：学校已停止招生"


def test_whoever_gave_the_seat_up_does_not_take_another_in_the_same_round(direct: Ranked) -> None:
    application = direct.apply(None)
    admission = claim(direct, application)
    SeatClaim.objects.update(state="RELEASED")
    Admission.objects.filter(pk=admission.pk).update(state="DECLINED")
    Quota.objects.update(taken=0)

    assert refused(direct, application) == "您在本批次注册过，又放弃了"


def test_a_pupil_of_a_dedicated_class_takes_one_of_its_seats(direct: Ranked) -> None:
    direct.programme("D", 1, dedicated=1)
    admission = claim(direct, direct.apply(None, dedicated=True), "D")

    assert admission.quota.code == "dedicated"
    assert refused(direct, direct.apply(None, dedicated=True)) == "这个专业没有面向您的名额类别"


def test_only_the_family_itself_consents_with_a_fresh_code_inside_the_window(direct: Ranked) -> None:
    application, other = direct.apply(None), direct.apply(None)
    act = {"application": application, "round": direct.round, "programme": direct.programmes["A"]}
    stranger = Actor(role=Role.STUDENT, account=other.person.account_id, people=(other.person_id,))
    with pytest.raises(NotFound):
        direct_enrolment.enrol(by=stranger.with_step_up(code="000000"), **act)
    own = Actor(role=Role.STUDENT, account=application.person.account_id, people=(application.person_id,))
    with pytest.raises(StepUpRequired):
        direct_enrolment.enrol(by=own, **act)
    direct.window(WindowKind.CHOICES, -9, -1)
    with pytest.raises(WindowClosed):
        claim(direct, application)

    assert SeatClaim.objects.count() == 0


def test_the_same_request_sent_twice_takes_one_seat_and_gets_one_answer(direct: Ranked) -> None:
    direct.programme("B", 5)
    application = direct.apply(None)
    first = claim(direct, application, "B", request_key="k1")

    assert claim(direct, application, "B", request_key="k1").pk == first.pk
    assert Quota.objects.get(programme__code="B").taken == 1
    assert ACTIONS["seat.claim"].creates
