"""A record is created once, completed by the school and confirmed by the student."""

import pytest

from tests.support.builders.enrolment import Enrolled
from tests.support.personas import Personas, PhoneClient, unit
from yangguang.actions.records import records
from yangguang.models import Account, Confirmation, IdentityCase, Message, RecordEvent, StudentRecord
from yangguang.queries.accounts.actors import load_actor
from yangguang.queries.records.records import assign_classes, count_due, count_records, records_to_confirm
from yangguang.rules.base.refusals import BadRows, IllegalMove, NotFound, Refused, StepUpRequired

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolled(personas: Personas) -> Enrolled:
    return Enrolled.lay(personas)


def make_due(personas: Personas) -> int:
    count: int = personas.pe1.sign(records.make_due, season=personas.season)
    return count


def completed(enrolled: Enrolled) -> StudentRecord:
    enrolled.admit(state="CHECKED_IN")
    make_due(enrolled.personas)
    record = StudentRecord.objects.get()
    enrolled.personas.teacher.sign(records.complete, school=enrolled.personas.school, classes={record.number: "1班"})
    record.refresh_from_db()
    return record


def confirm(record: StudentRecord, **what: object) -> StudentRecord:
    account = Account.objects.get(pk=record.person.account_id)
    done: StudentRecord = PhoneClient().confirm(
        account.phone.reveal(), load_actor(account.pk), records.confirm, record=record, **what
    )
    return done


def test_every_student_checked_in_gets_one_record_however_often_it_runs(enrolled: Enrolled) -> None:
    admissions = [enrolled.admit(name, state="CHECKED_IN") for name in "甲乙丙"]
    enrolled.admit("丁")

    assert count_due(enrolled.personas.season) == 3
    assert (make_due(enrolled.personas), make_due(enrolled.personas)) == (3, 0)

    rows = StudentRecord.objects.order_by("number")
    in_order = sorted(admissions, key=lambda row: row.application.number)
    year, code = enrolled.personas.season.year, enrolled.personas.school.code

    assert [(r.admission_id, r.number) for r in rows] == [
        (row.pk, f"{year}{code}0000{nth}") for nth, row in enumerate(in_order, 1)
    ]
    assert {r.state for r in rows} == {"CREATED"}
    assert RecordEvent.objects.filter(kind="生成", cause="SYSTEM").count() == 3


def test_the_numbers_of_later_records_continue_those_of_earlier_ones(enrolled: Enrolled) -> None:
    enrolled.admit("甲", state="CHECKED_IN")
    make_due(enrolled.personas)
    enrolled.admit("乙", state="CHECKED_IN")
    make_due(enrolled.personas)
    numbers = StudentRecord.objects.order_by("number").values_list("number", flat=True)

    assert [number[-5:] for number in numbers] == ["00001", "00002"]


def test_no_record_is_created_while_a_duplicate_case_is_open(enrolled: Enrolled) -> None:
    one, two = enrolled.admit("甲", state="CHECKED_IN"), enrolled.admit("乙", state="CHECKED_IN")
    IdentityCase.objects.create(
        season_year=enrolled.personas.season.year,
        person=one.person,
        other=two.person,
        unit=enrolled.personas.city,
        score=80,
        reasons=["演示"],
    )

    assert make_due(enrolled.personas) == 0

    IdentityCase.objects.update(state="SETTLED", verdict="DIFFERENT")

    assert make_due(enrolled.personas) == 2


def test_the_school_fills_in_the_classes_and_the_student_gets_a_message(enrolled: Enrolled) -> None:
    for name in "甲乙丙":
        enrolled.admit(name, state="CHECKED_IN")
    make_due(enrolled.personas)
    classes = assign_classes(enrolled.personas.school, size=2)
    year = enrolled.personas.season.year

    assert list(classes.values()) == [f"{year}级护理1班", f"{year}级护理1班", f"{year}级护理2班"]

    arguments = {"school": enrolled.personas.school, "classes": classes}

    assert enrolled.personas.teacher.sign(records.complete, **arguments) == 3
    assert count_records(enrolled.personas.school).to_confirm == 3
    assert Message.objects.filter(event="record.to_confirm").count() == 3


def test_one_faulty_row_refuses_the_whole_table(enrolled: Enrolled) -> None:
    enrolled.admit(state="CHECKED_IN")
    make_due(enrolled.personas)
    number = StudentRecord.objects.get().number

    with pytest.raises(BadRows) as refusal:
        classes = {number: "1班", "2024X00009": "1班"}
        enrolled.personas.teacher.sign(records.complete, school=enrolled.personas.school, classes=classes)

    assert [(row.where, row.what) for row in refusal.value.rows] == [("2024X00009", "本校没有这个省级学籍号")]
    assert StudentRecord.objects.get().state == "CREATED"


def test_a_school_completes_only_its_own_records(enrolled: Enrolled) -> None:
    other = unit("甲市第二职业学校", "SCHOOL", enrolled.personas.county, sector="education")

    with pytest.raises(NotFound):
        enrolled.personas.teacher.sign(records.complete, school=other, classes={"1": "1班"})


def test_the_student_confirms_with_a_code(enrolled: Enrolled) -> None:
    record = completed(enrolled)
    owner = load_actor(Account.objects.get(pk=record.person.account_id).pk)

    assert list(records_to_confirm(owner)) == [record]

    with pytest.raises(StepUpRequired):
        records.confirm(by=owner, record=record, opinion="AGREES")

    assert confirm(record, opinion="AGREES").state == "CONFIRMED"

    record.refresh_from_db()

    assert (record.state, record.version) == ("CONFIRMED", 3)
    assert list(Confirmation.objects.values_list("opinion", "by_account_id")) == [("AGREES", owner.account)]

    with pytest.raises(IllegalMove):
        confirm(record, opinion="AGREES")


def test_a_reported_error_names_its_field_and_returns_the_record_to_the_school(enrolled: Enrolled) -> None:
    record = completed(enrolled)

    with pytest.raises(Refused, match="哪一栏"):
        confirm(record, opinion="WRONG")

    assert confirm(record, opinion="WRONG", field="major", note="应为幼儿保育").state == "DISPUTED"

    arguments = {"school": enrolled.personas.school, "classes": {record.number: "2班"}}

    assert enrolled.personas.teacher.sign(records.complete, **arguments) == 1

    record.refresh_from_db()

    assert record.state == "COMPLETED"
    assert confirm(record, opinion="NOT_ME").state == "DISPUTED"


def test_a_record_of_another_student_can_not_be_confirmed(enrolled: Enrolled) -> None:
    record = completed(enrolled)
    other = Account.objects.get(pk=enrolled.person("外人").account_id)

    with pytest.raises(NotFound):
        PhoneClient().confirm(
            other.phone.reveal(), load_actor(other.pk), records.confirm, record=record, opinion="AGREES"
        )
