"""Who files a monthly form and when: own unit, own sector, in order, in time, received by the level above."""

from datetime import date

import pytest

from tests.support.builders.enrolment import Enrolled
from tests.support.builders.monthly import (
    YEAR,
    check_in,
    compute,
    enrolled,
    hand_over,
    seal,
)
from tests.support.builders.policy import set_rule
from tests.support.personas import officer
from yangguang import clock
from yangguang.actions.reporting import reports
from yangguang.actions.reporting.reports import sealed_digest
from yangguang.models import MonthlyReport, Target, Unit
from yangguang.queries.reporting.filings import filings_of
from yangguang.queries.reporting.reports import NO_TECHNICIANS, NOT_HANDED_OVER, form_rows, month_end
from yangguang.rules.accounts.roles import Role
from yangguang.rules.base.refusals import Denied, IllegalMove, NotFound, Refused, VersionConflict
from yangguang.rules.seasons.windows import start_of

__all__ = ["enrolled"]
pytestmark = pytest.mark.django_db


def test_the_labour_number_is_empty_until_its_bureau_hands_it_over(enrolled: Enrolled) -> None:
    row = compute(enrolled.personas, 9, form="PROVINCE").rows[0]

    assert (row["vocational"], row["technician"], row["total"]) == (8, None, 8)
    assert NOT_HANDED_OVER in row["total_scope"]

    handed_over = hand_over(enrolled.personas, 9)
    row = compute(enrolled.personas, 9, form="PROVINCE").rows[0]

    assert (handed_over.number, row["technician"], row["total"]) == (1, 1, 9)
    assert NOT_HANDED_OVER not in row["total_scope"]
    assert compute(enrolled.personas, 8, form="PROVINCE").rows[0]["technician"] is None


def test_a_number_that_has_changed_since_it_was_displayed_is_not_handed_over(enrolled: Enrolled) -> None:
    county = enrolled.personas.county
    by = officer("labour", Role.COUNTY_LABOUR, county, "labour")
    with pytest.raises(VersionConflict, match="打开时是0人，现在是1人"):
        by.sign(reports.hand_over, unit=county, year=YEAR, month=9, seen="0")

    assert by.sign(reports.hand_over, unit=county, year=YEAR, month=9, seen="1").number == 1


def test_the_form_has_the_number_as_it_was_handed_over(enrolled: Enrolled) -> None:
    """A student who checks in later counts when the number is handed over again."""
    personas = enrolled.personas
    Target.objects.create(
        year=YEAR, sector="labour", parent=personas.city, unit=personas.county, label="一县", position=1, number=2
    )
    hand_over(personas, 9)
    check_in(enrolled, 9, school=Unit.objects.get(sector="labour"))
    row = compute(personas, 9, form="PROVINCE").rows[0]

    assert (row["technician"], row["total"], row["counted"]) == (1, 9, 5)

    hand_over(personas, 9)
    row = compute(personas, 9, form="PROVINCE").rows[0]

    assert (row["technician"], row["total"], row["counted"]) == (2, 10, 6)


def test_a_county_that_opened_in_september_owes_no_form_of_the_months_before(enrolled: Enrolled) -> None:
    personas = enrolled.personas
    Unit.objects.filter(pk=personas.county.pk).update(opened_on=date(YEAR, 9, 10))
    personas.county.refresh_from_db()
    due = {
        month: [(row.is_due, row.timeliness) for row in filings_of(personas.county, "CITY", YEAR, month, clock.now())]
        for month in (8, 9)
    }

    assert due[8] == [(False, "没有报送期限")]
    assert due[9][0][0]
    with pytest.raises(Refused, match="8月还没有设立"):
        compute(personas, 8)

    september = personas.ce.sign(reports.review, report=compute(personas, 9))

    assert personas.ce.sign(reports.seal, report=september).state == "SEALED"


def test_an_area_without_a_technician_school_has_nothing_to_hand_over(enrolled: Enrolled) -> None:
    personas = enrolled.personas
    rows = {row.unit: row for row in filings_of(personas.province, "PROVINCE", YEAR, 9, clock.now())}
    (form,) = form_rows(personas.other_city, "PROVINCE", YEAR, [month_end(YEAR, 9)], [9])

    assert {name: row.has_technicians for name, row in rows.items()} == {"乙市": False, "甲市": True}
    assert form["total_scope"].endswith(NO_TECHNICIANS)


def test_a_change_after_the_hand_over_is_displayed_as_a_difference(enrolled: Enrolled) -> None:
    personas = enrolled.personas
    before = filings_of(personas.county, "PROVINCE", YEAR, 9, clock.now())[0]
    hand_over(personas, 9)
    at_once = filings_of(personas.county, "PROVINCE", YEAR, 9, clock.now())[0]
    late = check_in(enrolled, 9, school=Unit.objects.get(sector="labour"))
    one_more = filings_of(personas.county, "PROVINCE", YEAR, 9, clock.now())[0]
    check_in(enrolled, 10, school=late.school)
    next_month = filings_of(personas.county, "PROVINCE", YEAR, 9, clock.now())[0]
    hand_over(personas, 9)
    again = filings_of(personas.county, "PROVINCE", YEAR, 9, clock.now())[0]

    assert [
        (row.technicians, row.technicians_now, row.technician_change)
        for row in (before, at_once, one_more, next_month, again)
    ] == [(None, None, 0), (1, 1, 0), (1, 2, 1), (1, 2, 1), (2, 2, 0)]


def test_the_list_of_the_province_has_the_change_of_each_city(enrolled: Enrolled) -> None:
    personas = enrolled.personas
    by = officer("mh", Role.CITY_LABOUR, personas.city, "labour")
    by.sign(reports.hand_over, unit=personas.city, year=YEAR, month=9)
    check_in(enrolled, 9, school=Unit.objects.get(sector="labour"))

    rows = filings_of(personas.province, "PROVINCE", YEAR, 9, clock.now())

    assert {row.unit: row.technician_change for row in rows} == {"乙市": 0, "甲市": 1}


def test_a_technician_school_counts_its_own_students_and_a_secondary_school_has_none(enrolled: Enrolled) -> None:
    schools = {school.sector: school for school in Unit.objects.filter(level="SCHOOL").exclude(sector="")}
    rows = {
        sector: form_rows(school, "PROVINCE", YEAR, [month_end(YEAR, 9)], [9])[0] for sector, school in schools.items()
    }

    assert [rows["labour"][key] for key in ("vocational", "technician", "total")] == [0, 1, 1]
    assert [rows["education"][key] for key in ("vocational", "technician", "total")] == [8, None, 8]
    assert not any(NOT_HANDED_OVER in row["total_scope"] for row in rows.values())


def test_a_number_handed_over_after_the_seal_is_the_correction_of_the_next_month(enrolled: Enrolled) -> None:
    personas = enrolled.personas
    set_rule("report.months", [9, 10])
    report = compute(personas, 9, form="PROVINCE")
    personas.ce.sign(reports.review, report=report)
    personas.ce.sign(reports.seal, report=report)
    hand_over(personas, 9)

    corrected = compute(personas, 10, form="PROVINCE").correction

    assert corrected == {"months": [{"month": 9, "change": {"technician": 1, "total": 1}}]}


def test_only_the_labour_bureau_hands_its_own_number_over(enrolled: Enrolled) -> None:
    personas = enrolled.personas
    labour = officer("mh", Role.CITY_LABOUR, personas.city, "labour")

    with pytest.raises(Denied):
        personas.ce.sign(reports.hand_over, unit=personas.county, year=YEAR, month=9)
    with pytest.raises(Refused, match="由甲市一县人社部门移交"):
        labour.sign(reports.hand_over, unit=personas.county, year=YEAR, month=9)
    with pytest.raises(Refused, match="6月不填报月报"):
        labour.sign(reports.hand_over, unit=personas.city, year=YEAR, month=6)
    with pytest.raises(Refused, match="月报由教育部门填报"):
        labour.sign(reports.compute, unit=personas.city, form="PROVINCE", year=YEAR, month=9)


def test_the_level_above_receives_a_form_and_changes_nothing(enrolled: Enrolled) -> None:
    personas = enrolled.personas
    report = personas.ce.sign(reports.send, report=seal(personas, 8))
    with pytest.raises(Refused, match="不是报给您单位的"):
        personas.pe1.act(reports.receive, report=report)

    received = personas.me.act(reports.receive, report=report)

    assert (received.state, received.received_by.username) == ("RECEIVED", "me")
    assert (received.digest, sealed_digest(received)) == (report.digest, report.digest)
    with pytest.raises(IllegalMove):
        personas.me.act(reports.receive, report=report)


def test_a_form_sent_after_its_day_is_late(enrolled: Enrolled) -> None:
    seal(enrolled.personas, 8)
    by_unit = {
        row.unit: row for row in filings_of(enrolled.personas.city, "CITY", YEAR, 8, start_of(date(2024, 8, 18)))
    }

    assert by_unit["甲市一县"].timeliness == "逾期3天未报"

    MonthlyReport.objects.filter(month=8).update(state="SENT", sent_at=start_of(date(2024, 8, 16)))
    by_unit = {row.unit: row for row in filings_of(enrolled.personas.city, "CITY", YEAR, 8, clock.now())}

    assert {unit: row.timeliness for unit, row in by_unit.items()} == {"甲市": "没有报送期限", "甲市一县": "迟报1天"}


def test_a_form_is_due_to_the_level_that_collects_it_and_to_no_other(enrolled: Enrolled) -> None:
    """Form C to a city from its counties, Form P to the province from its cities; schools file no form."""
    personas = enrolled.personas
    units = (personas.province, personas.city, personas.county)
    listed = {
        (form, unit.name): [(row.unit, row.is_due) for row in filings_of(unit, form, YEAR, 8, clock.now())]
        for form in ("CITY", "PROVINCE")
        for unit in units
    }

    assert listed == {
        ("CITY", "测试省"): [],
        ("CITY", "甲市"): [("甲市", False), ("甲市一县", True)],
        ("CITY", "甲市一县"): [("甲市一县", True)],
        ("PROVINCE", "测试省"): [("乙市", True), ("甲市", True)],
        ("PROVINCE", "甲市"): [("甲市", True)],
        ("PROVINCE", "甲市一县"): [("甲市一县", False)],
    }


def test_a_month_before_the_rule_of_a_day_is_listed_without_one(enrolled: Enrolled) -> None:
    row = filings_of(enrolled.personas.county, "CITY", 2022, 8, clock.now())[0]

    assert (row.is_due, row.is_sent, row.timeliness) == (True, False, "没有报送期限")


def test_an_eager_review_is_taken_back_until_the_seal(enrolled: Enrolled) -> None:
    personas = enrolled.personas
    report = compute(personas, 7)
    personas.ce.sign(reports.review, report=report)
    check_in(enrolled, 7)
    reopened = personas.ce.sign(reports.reopen, report=report)

    assert (reopened.state, reopened.reviewed_by) == ("COMPUTED", None)
    assert compute(personas, 7).rows[0]["total"] == 1

    sealed = seal(personas, 7)
    with pytest.raises(IllegalMove):
        personas.ce.sign(reports.reopen, report=sealed)


def test_a_form_can_be_computed_again_until_the_review(enrolled: Enrolled) -> None:
    first = compute(enrolled.personas, 8)
    check_in(enrolled, 8)
    again = compute(enrolled.personas, 8)

    assert (again.pk, again.version, again.rows[0]["total"]) == (first.pk, 2, 7)


def test_in_a_city_the_reviewer_can_not_seal(enrolled: Enrolled) -> None:
    me, second = enrolled.personas.me, officer("me2", Role.CITY_EDUCATION, enrolled.personas.city)
    report = me.sign(reports.compute, unit=enrolled.personas.city, form="CITY", year=YEAR, month=7)
    me.sign(reports.review, report=report)

    with pytest.raises(Refused, match="不能是同一个人"):
        me.sign(reports.seal, report=report)

    assert second.sign(reports.seal, report=report).state == "SEALED"


def test_months_are_sealed_in_order_those_without_a_form_too(enrolled: Enrolled) -> None:
    """November is not sealed while nothing was filed from July on."""
    ce = enrolled.personas.ce
    july, september = compute(enrolled.personas, 7), compute(enrolled.personas, 9)
    for report in (july, september):
        ce.sign(reports.review, report=report)

    with pytest.raises(Refused, match="7月的月报还没有封存"):
        ce.sign(reports.seal, report=september)

    ce.sign(reports.seal, report=july)
    with pytest.raises(Refused, match="8月的月报还没有封存"):
        ce.sign(reports.seal, report=september)

    seal(enrolled.personas, 8)

    assert ce.sign(reports.seal, report=september).state == "SEALED"


def test_a_month_without_a_form_and_a_month_to_come_are_refused(enrolled: Enrolled) -> None:
    with pytest.raises(Refused, match="6月不填报月报"):
        compute(enrolled.personas, 6)

    ahead = {"unit": enrolled.personas.county, "form": "CITY", "year": clock.now().year + 1, "month": 12}

    with pytest.raises(Refused, match="还没有到"):
        enrolled.personas.ce.sign(reports.compute, **ahead)


def test_a_county_can_not_fill_in_the_form_of_another_area(enrolled: Enrolled) -> None:
    with pytest.raises(NotFound):
        compute(enrolled.personas, 8, unit=enrolled.personas.other_city)


def test_a_month_whose_time_is_over_is_late_until_it_is_sent(enrolled: Enrolled) -> None:
    personas = enrolled.personas
    set_rule("report.due_day", 15, "层级=市级")
    (row,) = filings_of(personas.county, "CITY", YEAR, 9, start_of(date(YEAR, 9, 1)), [7, 8, 9])

    assert {month: form.is_late for month, form in row.months.items()} == {7: True, 8: True, 9: False}
