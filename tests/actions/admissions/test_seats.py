"""Seats given back and seats in other registers: counts, claims and events move together."""

import pytest
from django.db import IntegrityError, transaction

from tests.support.builders.enrolment import Enrolled
from tests.support.personas import Personas
from yangguang.actions.admissions import seats
from yangguang.models import Admission, OutsideEnrolment, Quota, SeatClaim, SeatEvent

pytestmark = pytest.mark.django_db
SCHOOL = Admission.Cause.SCHOOL


@pytest.fixture
def enrolled(personas: Personas) -> Enrolled:
    return Enrolled.lay(personas)


def test_released_seats_are_free_again_and_released_once(enrolled: Enrolled) -> None:
    admissions = [enrolled.admit(name).pk for name in ("某甲", "某乙", "某丙")]

    assert seats.release_seats(admissions[:2], SCHOOL) == 2
    assert seats.release_seats(admissions[:2], SCHOOL) == 0
    assert Quota.objects.get().taken == 1
    assert sorted(SeatClaim.objects.values_list("state", flat=True)) == ["HELD", "RELEASED", "RELEASED"]
    assert list(SeatEvent.objects.values_list("state", "cause")) == [("RELEASED", "SCHOOL")] * 2


def test_arrival_confirms_a_claim_once(enrolled: Enrolled) -> None:
    admission = enrolled.admit().pk

    assert [seats.confirm_seats([admission], SCHOOL) for _ in range(2)] == [1, 0]
    assert SeatClaim.objects.get().state == "CONFIRMED"
    assert Quota.objects.get().taken == 1


def test_an_admission_elsewhere_takes_the_seat_of_the_year_unless_one_is_held(enrolled: Enrolled) -> None:
    free, seated = enrolled.person("某甲"), enrolled.admit("某乙").person
    outside = [
        OutsideEnrolment.objects.create(
            id_hash=person.id_hash,
            intake_year=enrolled.personas.season.year,
            register="high_school",
            school="某高中",
            name=person.name,
            file_digest="d",
        ).pk
        for person in (free, seated)
    ]

    assert seats.claim_for_enrolments(outside) == [outside[0]]
    assert seats.claim_for_enrolments(outside) == []
    assert SeatClaim.objects.get(person_root=free).outside_id == outside[0]
    assert SeatClaim.objects.get(person_root=seated).outside_id is None


def test_the_database_itself_refuses_one_seat_too_many(enrolled: Enrolled) -> None:
    enrolled.admit()
    with pytest.raises(IntegrityError, match="quota_never_over"), transaction.atomic():
        Quota.objects.update(taken=51)
    person = SeatClaim.objects.get().person_root
    with pytest.raises(IntegrityError, match="one_person_one_seat"), transaction.atomic():
        SeatClaim.objects.create(
            person_root=person,
            intake_year=enrolled.personas.season.year,
            quota=Quota.objects.get(),
            outside=OutsideEnrolment.objects.create(
                id_hash=b"x" * 32, intake_year=2024, register="high_school", school="x", name="x", file_digest="d"
            ),
        )


def test_a_claim_holds_a_seat_of_its_admission_and_an_event_is_of_a_claim(enrolled: Enrolled) -> None:
    admission = enrolled.admit()
    other = enrolled.programme("five_year").quotas.get()
    declined = enrolled.admit("某乙", state="DECLINED")
    for pk in (declined.pk, declined.pk + 1000):
        with pytest.raises(IntegrityError, match="must hold a seat"), transaction.atomic():
            SeatClaim.objects.create(
                person_root=declined.person, intake_year=enrolled.round.season.year, quota=other, admission_id=pk
            )
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        SeatClaim.objects.filter(admission=admission).update(quota=other)
    with pytest.raises(IntegrityError, match="must be of a claim"), transaction.atomic():
        SeatEvent.objects.create(claim_id=admission.claim.pk + 1000, state="HELD", cause="SYSTEM")
