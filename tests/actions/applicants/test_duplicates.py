"""A person who may be in twice is held back by an open case, and a human decides."""

import pytest

from tests.support.builders.enrolment import Enrolled, id_number
from tests.support.personas import Personas, unit
from yangguang.actions.applicants import duplicates
from yangguang.actions.applicants.duplicates import OutsideRow
from yangguang.actions.records import records
from yangguang.models import Admission, IdentityCase, OutsideEnrolment, Person, Quota, SeatClaim, StudentRecord
from yangguang.postgres.sql import fetch_all
from yangguang.queries.applicants.duplicates import QUARANTINED, namesakes, open_cases
from yangguang.rules.base.refusals import BadRows, NotFound, Refused
from yangguang.rules.organisation.external_registers import Register

pytestmark = pytest.mark.django_db
DIGEST = "ab" * 32


@pytest.fixture
def enrolled(personas: Personas) -> Enrolled:
    return Enrolled.lay(personas)


def quarantined() -> set[int]:
    return {row.person_id for row in fetch_all(QUARANTINED)}


def load(personas: Personas, *rows: OutsideRow, register: Register = Register.HIGH_SCHOOL, digest: str = DIGEST) -> int:
    params = {"season": personas.season, "register": register, "rows": list(rows), "digest": digest}
    new: int = personas.pe1.sign(duplicates.load_outside, **params)
    return new


def outside(person: Person, spelling: str = "") -> OutsideRow:
    return OutsideRow(spelling or person.id_number.reveal(), person.name, "演示高级中学")


def check(personas: Personas) -> int:
    opened: int = personas.pe1.sign(duplicates.check, season=personas.season)
    return opened


def test_a_person_in_an_outside_list_is_found_whatever_the_spelling(enrolled: Enrolled) -> None:
    admission = enrolled.admit(state="CHECKED_IN")
    wide = admission.person.id_number.reveal().translate({n: n + 0xFEE0 for n in range(48, 58)})

    assert load(enrolled.personas, outside(admission.person, f" {wide.lower()} ")) == 1
    assert check(enrolled.personas) == 1
    case = IdentityCase.objects.get()

    assert (case.person_id, case.unit_id, case.score) == (admission.person_id, enrolled.personas.city.pk, 100)
    assert quarantined() == {admission.person_id}
    assert check(enrolled.personas) == 0


def test_a_person_who_declined_is_in_no_case_though_others_hold_seats(enrolled: Enrolled) -> None:
    declined = enrolled.admit(state="DECLINED")
    enrolled.admit("某乙")
    load(enrolled.personas, outside(declined.person))

    assert check(enrolled.personas) == 0
    assert quarantined() == set()


def test_a_faulty_row_stops_the_whole_list_and_names_the_row(enrolled: Enrolled) -> None:
    good = OutsideRow(id_number(900), "某乙", "演示高级中学")
    bad = OutsideRow(id_number(901)[:-1] + "?", "某丙", "演示高级中学")
    with pytest.raises(BadRows) as refusal:
        load(enrolled.personas, good, bad)

    assert [row.where for row in refusal.value.rows] == ["第 2 行"]
    assert OutsideEnrolment.objects.count() == 0


def test_the_same_file_twice_is_refused_and_an_overlap_is_taken_once(enrolled: Enrolled) -> None:
    row = OutsideRow(id_number(900), "某乙", "演示高级中学")

    assert load(enrolled.personas, row) == 1
    with pytest.raises(Refused, match="已经导入过"):
        load(enrolled.personas, row)

    assert load(enrolled.personas, row, OutsideRow(id_number(902), "某丁", "演示高级中学"), digest="cd" * 32) == 1


def test_a_place_elsewhere_is_the_seat_of_the_year_but_a_childs_register_is_not(enrolled: Enrolled) -> None:
    free, child = enrolled.person("某甲"), enrolled.person("某乙")
    load(enrolled.personas, outside(free))
    load(enrolled.personas, outside(child), register=Register.COMPULSORY)

    assert list(SeatClaim.objects.values_list("person_root_id", "state")) == [(free.pk, "HELD")]


def test_names_births_and_phones_that_agree_open_a_case_and_a_shared_name_does_not(enrolled: Enrolled) -> None:
    first = enrolled.admit(person=enrolled.person("王小明", phone="15400009999"), state="CHECKED_IN")
    second = enrolled.person("王小明", phone="15400009999")
    enrolled.applied(second)
    enrolled.admit("王小明", person=enrolled.person("王小明", born="2008-01-01"))

    assert check(enrolled.personas) == 1
    case = IdentityCase.objects.get()

    assert {case.person_id, case.other_id} == {first.person_id, second.pk}
    assert case.reasons == ["姓名、出生日期、手机号码都相同"]


def test_only_persons_who_share_a_name_are_compared(enrolled: Enrolled) -> None:
    enrolled.admit(person=enrolled.person("王小明"))
    enrolled.applied(enrolled.person("王小明"))
    enrolled.applied(enrolled.person("李小红"))

    assert [[row.name for row in group] for group in namesakes(enrolled.round.season.year)] == [["王小明", "王小明"]]


def test_numbers_one_digit_apart_open_a_case_for_namesakes(enrolled: Enrolled) -> None:
    one = enrolled.person("李雷", number=id_number(101))
    two = enrolled.person("李雷", number=id_number(102))
    far = enrolled.person("李雷", number=id_number(777, "20081231"), born="2008-12-31")
    for person in (one, two, far):
        enrolled.admit(person=person)

    assert check(enrolled.personas) == 1
    assert quarantined() == {one.pk, two.pk}


def test_a_case_across_cities_lies_at_the_province_and_a_schools_own_at_the_school(enrolled: Enrolled) -> None:
    far = unit("乙市第一职业学校", "SCHOOL", enrolled.personas.other_city, sector="education")
    near = {"phone": "15400008888"}
    enrolled.admit(person=enrolled.person("韩梅", **near), state="CHECKED_IN")
    enrolled.admit(person=enrolled.person("韩梅", **near), programme=enrolled.programme(school=far))
    for _ in range(2):
        enrolled.admit(person=enrolled.person("赵六", phone="15400007777"))

    assert check(enrolled.personas) == 2
    assert set(IdentityCase.objects.values_list("person__name", "unit_id")) == {
        ("韩梅", enrolled.personas.province.pk),
        ("赵六", enrolled.personas.school.pk),
    }
    assert [case.person.name for case in open_cases(enrolled.personas.me.actor)] == ["赵六"]
    other_case = IdentityCase.objects.get(person__name="韩梅")
    with pytest.raises(NotFound):
        enrolled.personas.me.sign(duplicates.decide, case=other_case, verdict="DIFFERENT")


def test_the_student_who_stays_gets_the_record_once_the_case_is_settled(enrolled: Enrolled) -> None:
    admission = enrolled.admit(state="CHECKED_IN")
    load(enrolled.personas, outside(admission.person))
    check(enrolled.personas)

    assert enrolled.personas.pe1.sign(records.make_due, season=enrolled.personas.season) == 0
    enrolled.personas.me.sign(duplicates.decide, case=IdentityCase.objects.get(), verdict="STAYS")

    assert quarantined() == set()
    assert enrolled.personas.pe1.sign(records.make_due, season=enrolled.personas.season) == 1


def test_the_student_who_leaves_gives_the_seat_back_and_holds_the_one_elsewhere(enrolled: Enrolled) -> None:
    admission = enrolled.admit(state="CHECKED_IN")
    enrolled.personas.pe1.sign(records.make_due, season=enrolled.personas.season)
    load(enrolled.personas, outside(admission.person))
    check(enrolled.personas)
    enrolled.personas.me.sign(duplicates.decide, case=IdentityCase.objects.get(), verdict="LEAVES")
    admission.refresh_from_db()

    assert (admission.state, admission.cause) == ("RELEASED", "STUDENT")
    assert StudentRecord.objects.get().state == "CANCELLED"
    assert Quota.objects.get().taken == 0
    claims = SeatClaim.objects.order_by("pk").values_list("state", "outside_id")

    assert list(claims) == [("RELEASED", None), ("HELD", OutsideEnrolment.objects.get().pk)]


def twins(enrolled: Enrolled, *, both_admitted: bool = False) -> IdentityCase:
    first = enrolled.admit(person=enrolled.person("王小明", phone="15400009999"), state="CHECKED_IN")
    second = enrolled.person("王小明", phone="15400009999")
    if both_admitted:
        enrolled.admit(person=second)
    else:
        enrolled.applied(second)
    check(enrolled.personas)
    assert first.person_id != second.pk
    return IdentityCase.objects.get()


def test_one_person_with_two_entries_is_linked_and_nothing_is_deleted(enrolled: Enrolled) -> None:
    case = twins(enrolled)
    enrolled.personas.me.sign(duplicates.decide, case=case, verdict="SAME")
    case.refresh_from_db()

    assert (case.state, case.verdict, case.version) == ("SETTLED", "SAME", 2)
    assert case.other is not None
    assert case.other.root_id == case.person_id
    assert Person.objects.filter(name="王小明").count() == 2


def test_two_entries_with_two_seats_wait_until_the_student_gave_one_up(enrolled: Enrolled) -> None:
    case = twins(enrolled, both_admitted=True)
    with pytest.raises(Refused, match="各占着一个名额"):
        enrolled.personas.me.sign(duplicates.decide, case=case, verdict="SAME")

    assert Admission.objects.filter(state__in=["ACCEPTED", "CHECKED_IN"]).count() == 2


def test_two_persons_matched_by_the_police_are_never_made_one(enrolled: Enrolled) -> None:
    case = twins(enrolled)
    Person.objects.filter(name="王小明").update(trust=Person.Trust.POLICE)
    with pytest.raises(Refused, match="不能认定为同一人"):
        enrolled.personas.me.sign(duplicates.decide, case=case, verdict="SAME")


def test_a_verdict_that_does_not_fit_the_case_is_refused(enrolled: Enrolled) -> None:
    with pytest.raises(Refused, match="只能裁定为"):
        enrolled.personas.me.sign(duplicates.decide, case=twins(enrolled), verdict="STAYS")
