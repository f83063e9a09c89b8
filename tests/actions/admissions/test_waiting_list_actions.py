"""The waiting list: freed seats are offered by rank every hour; no seat is given twice, none is lost."""

from datetime import timedelta

import pytest

from tests.support.builders.waiting_list import Waited, says
from tests.support.personas import Personas
from yangguang import clock
from yangguang.actions.admissions import waiting_list_actions
from yangguang.actions.admissions.check_ins import check_in_students
from yangguang.models import (
    Admission,
    AptitudeTestResult,
    IdentityCase,
    Message,
    Programme,
    Quota,
    Round,
    RoundProgramme,
    Sanction,
    SeatClaim,
    StudentRecord,
    ViolationKind,
    WaitingOffer,
)
from yangguang.queries.audit.invariants.catalogue import check_invariants
from yangguang.rules.base.refusals import IllegalMove, NotFound, Refused, WindowClosed
from yangguang.rules.seasons.windows import WindowKind

pytestmark = pytest.mark.django_db


def broken_invariants(numbers: tuple[int, ...] = (1, 2, 4, 9, 10, 18)) -> list[int]:
    return [invariant.number for invariant in check_invariants(numbers).broken]


def taken() -> dict[str, int]:
    return dict(Quota.objects.order_by("programme__code").values_list("programme__code", "taken"))


@pytest.fixture
def waited(personas: Personas) -> Waited:
    """A has two seats (P1, P2), B three (P3, P4, P6); P5 and P7 have none."""
    waited = Waited.lay(personas)
    waited.laid.programme("A", 2)
    waited.laid.programme("B", 3)
    for nth, (number, codes) in enumerate(
        {"P1": "AB", "P2": "AB", "P3": "AB", "P4": "AB", "P5": "A", "P6": "BA", "P7": "AB"}.items()
    ):
        waited.apply(number, 600 - 10 * nth, *codes)
    waited.publish()
    return waited


def test_after_publication_every_waiting_applicant_has_a_place_by_rank(waited: Waited) -> None:
    waited.accepts("P4", wait=True)
    waited.accepts("P3", wait=True)

    assert waited.offer_due() == 0
    assert (waited.places("A"), waited.places("B")) == (["P3", "P4", "P5", "P7"], ["P7"])
    assert broken_invariants() == []


def test_a_freed_seat_is_offered_to_the_first_in_rank_and_counts_as_taken(waited: Waited) -> None:
    waited.accepts("P4", wait=True)
    waited.accepts("P3", wait=True)
    waited.declines("P1")

    assert taken() == {"A": 1, "B": 3}
    assert waited.offer_due() == 1
    assert (waited.offers(), taken()) == ({"P3": "A"}, {"A": 2, "B": 3})
    offer = WaitingOffer.objects.get()

    assert offer.answer_by - offer.offered_at == timedelta(hours=72)
    assert Message.objects.filter(event="waiting.offer").count() == 1
    assert broken_invariants() == []


def test_the_list_follows_the_totals_of_the_programme_with_the_points_of_its_aptitude_test(personas: Personas) -> None:
    """By the plain totals P2 goes before P3 and P4; with points P3 and P4 tie before P2, and one seat is too few."""
    waited = Waited.lay(personas)
    programme = waited.laid.programme("A", 1, tie="all_wait")
    Programme.objects.filter(pk=programme.pk).update(aptitude_test_max=30)
    for number, score in {"P1": 640, "P2": 600, "P3": 590, "P4": 595}.items():
        waited.apply(number, score, "A")
    for number, points in (("P3", 20), ("P4", 15)):
        AptitudeTestResult.objects.create(
            application=waited.people[number],
            programme=programme,
            points=points,
            file_digest="0" * 64,
            loaded_by_id=personas.teacher.actor.account,
        )
    waited.publish()
    waited.declines("P1")

    assert waited.offer_due() == 0
    Quota.objects.update(seats=2)

    assert waited.offer_due() == 2
    assert waited.offers() == {"P3": "A", "P4": "A"}


def test_nothing_is_offered_twice_however_often_the_list_is_worked_through(waited: Waited) -> None:
    waited.accepts("P3", wait=True)
    waited.declines("P1")

    assert [waited.offer_due() for _ in range(3)] == [1, 0, 0]
    assert Message.objects.filter(event="waiting.offer").count() == 1


def test_taking_an_offer_gives_the_lower_seat_back_and_the_next_run_passes_it_on(waited: Waited) -> None:
    waited.accepts("P3", wait=True)
    waited.declines("P1")
    waited.offer_due()
    got = waited.takes("P3")

    assert (got.state, got.programme.code, got.rank, got.reason) == ("ACCEPTED", "A", 1, "from_list")
    old = Admission.objects.get(application=waited.people["P3"], programme__code="B")

    assert (old.state, old.cause, old.reason) == ("RELEASED", "STUDENT", "moved_up")
    assert (taken(), SeatClaim.objects.filter(state="HELD").count()) == ({"A": 2, "B": 2}, 4)
    assert waited.offers() == {}, "the freed lower seat waits for the next refresh"
    assert waited.offer_due() == 1
    assert waited.offers() == {"P7": "B"}
    waited.takes("P7")

    assert waited.seats() == {"P2": "A", "P3": "A", "P4": "B", "P6": "B", "P7": "B"}
    assert broken_invariants() == []


def test_an_applicant_without_answer_or_with_a_final_one_does_not_wait(waited: Waited) -> None:
    waited.accepts("P3")
    waited.declines("P1")
    waited.offer_due()

    assert waited.offers() == {"P5": "A"}
    assert waited.places("A") == ["P7"]


def test_declining_an_offer_keeps_the_present_seat_and_ends_waiting_from_there_on(waited: Waited) -> None:
    waited.accepts("P3", wait=True)
    waited.declines("P1")
    waited.offer_due()
    waited.refuses("P3")

    assert waited.held("P3").programme.code == "B"
    assert taken()["A"] == 1
    assert waited.offer_due() == 1
    assert waited.offers() == {"P5": "A"}
    assert "P3" not in waited.places("A")


def test_silence_on_an_offer_means_no_and_the_same_run_offers_to_the_next(waited: Waited) -> None:
    waited.accepts("P3", wait=True)
    waited.declines("P1")
    waited.offer_due()
    now = clock.now()
    WaitingOffer.objects.update(offered_at=now - timedelta(hours=73), answer_by=now - timedelta(seconds=1))
    with pytest.raises(WindowClosed):
        waited.takes("P3")

    assert waited.offer_due() == 1
    assert (waited.offers("LAPSED"), waited.offers()) == ({"P3": "A"}, {"P5": "A"})
    lapsed = WaitingOffer.objects.get(state="LAPSED")

    assert (lapsed.cause, lapsed.reason) == ("SYSTEM", "silence_declined")
    assert broken_invariants() == []


def test_two_seats_and_one_person_make_one_offer_the_better_one(waited: Waited) -> None:
    waited.declines("P1")
    waited.declines("P4")
    waited.offer_due()

    assert waited.offers() == {"P5": "A", "P7": "B"}


def test_a_better_offer_comes_beside_an_open_one_and_taking_it_ends_the_other(waited: Waited) -> None:
    waited.declines("P4")
    waited.offer_due()

    assert waited.offers() == {"P7": "B"}
    waited.declines("P1")
    waited.declines("P2")
    waited.offer_due()
    better = WaitingOffer.objects.get(application=waited.people["P7"], programme__code="A")
    says(waited.people["P7"], waiting_list_actions.accept, offer=better)
    ended = WaitingOffer.objects.get(application=waited.people["P7"], programme__code="B")

    assert (ended.state, ended.reason, taken()["B"]) == ("ENDED", "moved_up", 2)
    assert broken_invariants() == []


def test_declining_the_present_seat_ends_waiting_and_the_open_offer(waited: Waited) -> None:
    waited.accepts("P3", wait=True)
    waited.declines("P1")
    waited.offer_due()
    waited.declines("P3")

    assert WaitingOffer.objects.get().state == "ENDED"
    assert taken() == {"A": 1, "B": 2}
    assert broken_invariants() == []
    waited.offer_due()

    assert waited.places("A") == ["P7"]
    assert waited.offers() == {"P5": "A", "P7": "B"}


def test_another_familys_offer_looks_as_if_it_were_not_there(waited: Waited) -> None:
    waited.declines("P1")
    waited.offer_due()
    for act in (waiting_list_actions.accept, waiting_list_actions.decline):
        with pytest.raises(NotFound):
            says(waited.people["P7"], act, offer=WaitingOffer.objects.get())


def test_an_offer_is_answered_once(waited: Waited) -> None:
    waited.declines("P1")
    waited.offer_due()
    offer = WaitingOffer.objects.get()
    says(waited.people["P5"], waiting_list_actions.accept, offer=offer)
    for act in (waiting_list_actions.accept, waiting_list_actions.decline):
        with pytest.raises(IllegalMove):
            says(waited.people["P5"], act, offer=offer)


def test_an_applicant_with_a_seat_elsewhere_must_give_it_up_before_accepting(
    waited: Waited,
) -> None:
    waited.declines("P1")
    waited.offer_due()
    person = waited.people["P5"].person_id
    outside = SeatClaim.objects.get(admission=waited.held("P2"))
    SeatClaim.objects.filter(pk=outside.pk).update(state="RELEASED")
    other = Round.objects.create(season=waited.laid.personas.season, number=9, name="别的批次", kind="direct")
    RoundProgramme.objects.create(round=other, programme=outside.quota.programme, seats=1)
    SeatClaim.objects.create(
        person_root_id=person,
        intake_year=outside.intake_year,
        quota=outside.quota,
        state="HELD",
        admission=Admission.objects.create(
            application=waited.people["P5"],
            person_id=person,
            school=waited.laid.personas.school,
            round=other,
            programme=outside.quota.programme,
            quota=outside.quota,
            rank=1,
            state="ACCEPTED",
            published_at=clock.now(),
        ),
    )
    with pytest.raises(Refused, match="不能再接受这个递补"):
        waited.takes("P5")

    assert waited.offers() == {"P5": "A"}


def test_a_seat_under_a_record_is_not_left_for_an_offer(waited: Waited) -> None:
    waited.accepts("P3", wait=True)
    waited.declines("P1")
    waited.offer_due()
    waited.laid.personas.open(WindowKind.CHECK_IN)
    low = waited.held("P3")
    Admission.objects.filter(pk=low.pk).update(state="CHECKED_IN", checked_in_at=clock.now())
    SeatClaim.objects.filter(admission=low).update(state="CONFIRMED")
    StudentRecord.objects.create(
        person=low.person,
        admission=low,
        school=low.school,
        number="20240000001",
        major="x",
        programme_type="three_year",
        entered_on="2024-09-01",
        state="CREATED",
    )
    with pytest.raises(Refused, match="已经生成学籍"):
        waited.takes("P3")

    assert waited.held("P3").state == "CHECKED_IN"


def test_who_has_checked_in_no_longer_waits_but_may_still_take_the_open_offer(waited: Waited) -> None:
    waited.accepts("P3", wait=True)
    waited.declines("P1")
    waited.offer_due()
    waited.laid.personas.open(WindowKind.CHECK_IN)
    today = clock.now().date()
    waited.laid.personas.teacher.sign(
        check_in_students, school=waited.laid.personas.school, numbers=["P3"], arrived_on=today
    )
    waited.offer_due()

    assert "P3" not in waited.places("A")
    waited.takes("P3")

    assert waited.seats()["P3"] == "A"
    assert broken_invariants((1, 2, 4)) == []


def test_a_stopped_school_offers_nothing_and_a_capped_one_only_what_is_left(waited: Waited) -> None:
    waited.declines("P1")
    waited.declines("P2")
    now = clock.now()
    founder = waited.people["P1"].person.account
    measure = Sanction.objects.create(
        unit=waited.laid.personas.school,
        kind="STOP",
        state="DECIDED",
        sentence="测试",
        starts_at=now - timedelta(days=1),
        decided_at=now - timedelta(days=1),
        proposed_by=founder,
        decided_by=waited.people["P2"].person.account,
        violation=ViolationKind.objects.create(year=2023, position=1, text="严禁虚假宣传", source="测试", clause="二"),
    )

    assert waited.offer_due() == 0
    Sanction.objects.filter(pk=measure.pk).update(kind="CAP", cap=4)

    assert waited.offer_due() == 1, "three seats of B are taken, so one is left under the cap"


def test_a_person_in_an_open_case_is_passed_over_and_keeps_the_place(waited: Waited) -> None:
    waited.accepts("P3", wait=True)
    waited.declines("P1")
    a, b = waited.people["P3"].person, waited.people["P6"].person
    case = IdentityCase.objects.create(
        season_year=waited.laid.personas.season.year,
        person=a,
        other=b,
        unit=waited.laid.personas.county,
        score=90,
        reasons=["x"],
    )
    waited.offer_due()

    assert waited.offers() == {"P5": "A"}
    assert waited.places("A")[0] == "P3"
    assert case.state == "OPEN"


def test_a_tied_group_that_does_not_fit_waits_together_and_is_offered_together(personas: Personas) -> None:
    waited = Waited.lay(personas)
    waited.laid.programme("A", 3, tie="all_wait")
    for number, score in (("P1", 600), ("P2", 590), ("P3", 500), ("P4", 500), ("P5", 400)):
        waited.apply(number, score, "A")
    waited.publish()

    assert waited.seats() == {"P1": "A", "P2": "A"}
    assert waited.offer_due() == 0, "one seat is free, and two are tied for it"
    assert waited.places("A") == ["P3", "P4", "P5"] or waited.places("A") == ["P4", "P3", "P5"]
    waited.declines("P2")

    assert waited.offer_due() == 2
    assert set(waited.offers()) == {"P3", "P4"}


def test_seats_of_a_dedicated_class_go_to_its_pupils_only(personas: Personas) -> None:
    waited = Waited.lay(personas)
    waited.laid.programme("A", 1, dedicated=1)
    waited.apply("P1", 500, "A", dedicated=True)
    waited.apply("P2", 600, "A")
    waited.apply("P3", 590, "A")
    waited.apply("P4", 300, "A", dedicated=True)
    waited.publish()
    waited.declines("P1")
    waited.offer_due()

    assert waited.offers() == {"P4": "A"}
    assert broken_invariants() == []
