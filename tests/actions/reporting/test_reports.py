"""The forms are counted from persons; sealed ones never change and are corrected in a later month."""

from copy import copy
from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tests.support.builders.enrolment import Enrolled
from tests.support.builders.monthly import (
    OF_CITY,
    TARGET_SCOPE,
    YEAR,
    add_up,
    check_in,
    compute,
    enrolled,
    hand_over,
    hold_back,
    seal,
)
from tests.support.builders.policy import set_rule
from tests.support.personas import unit
from yangguang import clock
from yangguang.actions.reporting import reports
from yangguang.actions.reporting.reports import sealed_digest
from yangguang.models import Admission, Target, Unit
from yangguang.queries.reporting import progress
from yangguang.queries.reporting.completion import completion_of, count_done
from yangguang.queries.reporting.counts import Population
from yangguang.queries.reporting.enrolment import TargetScopes, count_enrolled
from yangguang.queries.reporting.reports import form_rows, month_end, target_of
from yangguang.queries.reporting.targets import target_tree
from yangguang.rules.base.refusals import IllegalMove, Refused
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.reporting.steps import Step
from yangguang.rules.seasons.windows import SHANGHAI, start_of

__all__ = ["enrolled"]
pytestmark = pytest.mark.django_db


def test_form_c_counts_each_programme_type_once_and_rates_the_scope_of_the_target(enrolled: Enrolled) -> None:
    august = compute(enrolled.personas, 8).rows[0]

    assert august == {
        "target": 8,
        "secondary": 1,
        "three_plus_two": 2,
        "five_year": 0,
        "one_year": 3,
        "total": 6,
        "counted": 3,
        "completion": "37.50%",
        "held_back": 0,
        "total_scope": "教育线：各种培养类型（含一年制）；全日制和非全日制",
        "rate_scope": TARGET_SCOPE,
    }

    # A part-time student is in the total and not in the scope of the target; a technician student in neither.
    september = compute(enrolled.personas, 9).rows[0]

    assert (september["total"], september["secondary"], september["counted"]) == (8, 2, 4)
    assert september["completion"] == "50.00%"


def test_form_p_counts_both_sectors_and_every_programme_type(enrolled: Enrolled) -> None:
    hand_over(enrolled.personas, 9)
    row = compute(enrolled.personas, 9, form="PROVINCE").rows[0]

    assert (row["vocational"], row["technician"], row["total"]) == (8, 1, 9)


def test_form_p_rates_only_whom_its_target_counts(enrolled: Enrolled) -> None:
    """Without a target of the technician schools their students are not divided by the target of the others."""
    hand_over(enrolled.personas, 9)
    row = compute(enrolled.personas, 9, form="PROVINCE").rows[0]

    assert (row["target"], row["counted"], row["completion"], row["rate_scope"]) == (8, 4, "50.00%", TARGET_SCOPE)

    city, county = enrolled.personas.city, enrolled.personas.county
    own = {"unit": county, "label": county.name, "position": 1, "number": 2}
    Target.objects.create(year=YEAR, sector="labour", parent=city, **own)
    both = compute(enrolled.personas, 9, form="PROVINCE").rows[0]

    assert (both["target"], both["counted"], both["completion"]) == (10, 5, "50.00%")
    assert both["rate_scope"] == f"{TARGET_SCOPE}；人社线：各种培养类型（含一年制）；全日制和非全日制"


def test_the_rate_of_one_unit_and_minute_is_one(enrolled: Enrolled) -> None:
    """Form C, form P, the target page and the map divide the same persons, without the quarantined, by one target."""
    hold_back(enrolled, "three_plus_two")
    city, county = enrolled.personas.city, enrolled.personas.county
    now = [clock.now()]
    forms = [form_rows(county, form, YEAR, now)[0] for form in ("CITY", "PROVINCE")]
    tree = target_tree(city, YEAR)
    done = count_done(city, tree, TargetScopes(YEAR), Sector.EDUCATION)
    on_map = completion_of(city, [county], YEAR, Sector.EDUCATION)

    assert [row["counted"] for row in forms] == [done[id(tree)], done[id(tree.children[0])]]
    assert [on_map[unit.pk].done for unit in (city, county)] == [3, 3]
    assert {row["completion"] for row in forms} == {on_map[county.pk].rate_text, on_map[city.pk].rate_text}
    assert forms[0]["completion"] == "37.50%"


def test_another_row_of_a_scope_changes_number_rate_and_sentence(enrolled: Enrolled) -> None:
    set_rule("count.target_types", ["one_year"], OF_CITY)
    set_rule("count.report_types", ["one_year"], "层级=市级")
    row = compute(enrolled.personas, 9).rows[0]

    assert (row["total"], row["counted"], row["one_year"], row["secondary"]) == (3, 3, 3, 0)
    assert (row["total_scope"], row["rate_scope"]) == ("教育线：一年制；全日制和非全日制", "教育线：一年制；全日制")


def test_each_year_has_the_scope_of_its_own_notice(enrolled: Enrolled) -> None:
    zhengzhou = unit("郑州市", "CITY", enrolled.personas.province)
    scopes = [str(TargetScopes(year).scope_of(zhengzhou.path, Sector.EDUCATION)) for year in (2022, 2023, 2024)]

    assert scopes == [*["教育线：各种培养类型（含一年制）；全日制和非全日制"] * 2, TARGET_SCOPE]


def test_without_a_target_there_is_no_rate(enrolled: Enrolled) -> None:
    Target.objects.all().delete()
    row = compute(enrolled.personas, 8).rows[0]

    assert (row["target"], row["completion"]) == (None, "—")


def test_a_city_without_a_target_from_above_has_the_sum_it_sets_below(enrolled: Enrolled) -> None:
    assert target_of(enrolled.personas.city, YEAR, [Sector.EDUCATION]) == 8
    assert target_of(enrolled.personas.city, YEAR, [Sector.LABOUR]) is None


def test_every_number_leads_to_its_persons(enrolled: Enrolled) -> None:
    row = compute(enrolled.personas, 9).rows[0]
    persons = Admission.objects.filter(state="CHECKED_IN", school__sector="education")
    in_target = persons.filter(programme__study_form="full_time").exclude(programme__programme_type="one_year")

    named = ["three_plus_two", "five_year", "one_year"]
    for column in named:
        assert persons.filter(programme__programme_type=column).count() == row[column], column

    assert persons.exclude(programme__programme_type__in=named).count() == row["secondary"]
    assert (persons.count(), in_target.count()) == (row["total"], row["counted"])


def test_a_person_in_a_duplicate_case_is_not_counted_and_reported_separately(enrolled: Enrolled) -> None:
    hold_back(enrolled)
    row = compute(enrolled.personas, 8).rows[0]

    assert (row["total"], row["held_back"]) == (5, 1)


def test_a_student_who_left_later_counts_in_the_earlier_month(enrolled: Enrolled) -> None:
    gone = Admission.objects.filter(programme__programme_type="one_year").earliest("pk")
    Admission.objects.filter(pk=gone.pk).update(state="RELEASED", ended_at=datetime(YEAR, 9, 20, tzinfo=SHANGHAI))
    at = [month_end(YEAR, 8), month_end(YEAR, 9)]
    ones = [
        sum(cell.persons for cell in cells if cell.programme_type == "one_year")
        for cells in count_enrolled(enrolled.personas.county, YEAR, at)
    ]

    assert ones == [3, 2]


def test_the_digest_covers_form_unit_month_and_numbers(enrolled: Enrolled) -> None:
    report = seal(enrolled.personas, 8)
    for name, other in (
        ("month", 9),
        ("year", YEAR + 1),
        ("form", "PROVINCE"),
        ("sector", "labour"),
        ("unit", enrolled.personas.city),
        ("counted_to", report.counted_to + timedelta(seconds=1)),
        ("shape", report.shape | {"unit_label": "单位：名"}),
        ("shape_source", "另一份通知"),
        ("rows", []),
        ("correction", {"months": []}),
    ):
        another = copy(report)
        setattr(another, name, other)
        assert sealed_digest(another) != report.digest, name


def test_a_sealed_form_has_its_digest_and_no_sql_changes_it(enrolled: Enrolled) -> None:
    report = seal(enrolled.personas, 8)

    assert report.digest == sealed_digest(report)

    for change in ("rows = '[]'", "digest = ''", "counted_to = yg_now()", "state = 'COMPUTED'"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE yangguang_monthlyreport SET {change}")

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM yangguang_monthlyreport")

    with pytest.raises(IllegalMove):
        compute(enrolled.personas, 8)

    with pytest.raises(Refused, match="由甲市一县自己办理"):
        enrolled.personas.me.sign(reports.send, report=report)

    sent = enrolled.personas.ce.sign(reports.send, report=report)

    assert (sent.state, sent.sent_at is not None) == ("SENT", True)


def test_a_change_in_a_sealed_month_is_reported_once_and_the_sealed_month_stays(enrolled: Enrolled) -> None:
    august = seal(enrolled.personas, 8)
    check_in(enrolled, 8, programme_type="one_year")
    september = seal(enrolled.personas, 9)

    assert september.correction == {"months": [{"month": 8, "change": {"one_year": 1, "total": 1}}]}

    august.refresh_from_db()

    assert august.rows[0]["total"] == 6
    assert compute(enrolled.personas, 10).correction is None


def test_a_settled_case_is_reported_as_a_correction(enrolled: Enrolled) -> None:
    case = hold_back(enrolled)
    seal(enrolled.personas, 8)
    case.state, case.verdict = "SETTLED", "DIFFERENT"
    case.save()
    corrected = compute(enrolled.personas, 9).correction

    assert corrected == {"months": [{"month": 8, "change": {"one_year": 1, "total": 1}}]}


def test_a_month_ends_at_midnight_in_beijing() -> None:
    assert month_end(2024, 8) == start_of(date(2024, 9, 1))
    assert month_end(2024, 12) == start_of(date(2025, 1, 1))


def test_areas_add_up_to_the_city_and_the_last_instant_of_a_month_counts(enrolled: Enrolled) -> None:
    end = month_end(YEAR, 8)
    last = check_in(enrolled, 8)
    Admission.objects.filter(pk=last.pk).update(checked_in_at=end - timedelta(microseconds=1))
    next_ = check_in(enrolled, 8)
    Admission.objects.filter(pk=next_.pk).update(checked_in_at=end)
    areas = Unit.objects.filter(parent=enrolled.personas.city)
    persons = {
        unit.name: sum(cell.persons for cell in count_enrolled(unit, YEAR, [end])[0])
        for unit in (enrolled.personas.city, *areas)
    }

    assert {name: count for name, count in persons.items() if count} == {"甲市": 7, "甲市一县": 7}


def test_each_step_includes_the_next_and_every_table_adds_up_to_its_total(enrolled: Enrolled) -> None:
    enrolled.admit("某乙")
    enrolled.admit("某丙", state="DECLINED")
    hold_back(enrolled)
    by = enrolled.personas.me.actor
    homes = Population(enrolled.personas.season, enrolled.personas.city)
    schools = homes.of(at_school=True)

    whole = progress.count_total(homes, by)

    assert list(whole.persons.values()) == [11, 10, 10, 9, 9, 8, 0, 0]
    assert [row.persons for row in progress.count_by_home(homes, by)] == [whole.persons]

    total = progress.count_total(schools, by)

    assert list(total.persons.values()) == [None, None, 10, 9, 9, 8, 0, 0]

    for count in (progress.count_by_school, progress.count_by_sector, progress.count_by_programme_type):
        assert add_up(count(schools, by)) == total.persons, count.__name__

    assert {row.name: row.persons[Step.CHECKED_IN] for row in progress.count_by_sector(schools, by)} == {
        "教育": 8,
        "人社": 1,
    }
