"""Scores meet registrations whichever comes first; lists that are public keep the scores they were made of."""

import pytest

from tests.support.builders.enrolment import id_number as number_of
from tests.support.builders.web_season import Desk
from tests.support.clients import approve_by_two
from tests.support.personas import Personas, officer, unit
from yangguang import clock
from yangguang.actions.applicants import exam_results
from yangguang.actions.applicants.exam_results import ExamRow
from yangguang.models import Account, AdmissionRun, Application, AuditEntry, ExamResult, Person
from yangguang.rules.accounts.roles import Role
from yangguang.rules.base.refusals import BadRows

pytestmark = pytest.mark.django_db


def load(personas: Personas, *scores: int, digest: str = "d1", year: int | None = None) -> int:
    """The board's file with one row, the family's child of `tests.support.builders.web_season`; two people."""
    params = {"year": year or personas.season.year, "rows": [ExamRow(number_of(7), scores)], "digest": digest}
    return int(approve_by_two(personas.pe1, personas.pe2, exam_results.load, **params))


def publish(desk: Desk) -> None:
    """A run of the round whose results are out."""
    one, other = (Account(pk=officer.actor.account) for officer in (desk.personas.pe1, desk.personas.pe2))
    run = AdmissionRun.objects.create(round=desk.round, number=1, started_by=one)
    run.proposed_by, run.approved_by, run.published_by, run.published_at = one, other, other, clock.now()
    for state in ("COMPUTED", "CHECKED", "PROPOSED", "APPROVED", "PUBLISHED"):
        run.state = state
        run.save()


def scores(desk: Desk) -> list[int]:
    return list(Application.objects.get(pk=desk.application.pk).scores)


def test_scores_that_come_after_registration_reach_the_application_until_a_run_is_published(personas: Personas) -> None:
    desk = Desk.lay(personas)

    assert scores(desk) == []
    load(personas, 600, 110, 100, 90)

    assert scores(desk) == [600, 110, 100, 90]
    load(personas, 610, 110, 110, 90, digest="d2")

    assert scores(desk) == [610, 110, 110, 90]
    publish(desk)
    load(personas, 1, 1, 1, 1, digest="d3")

    assert (scores(desk), ExamResult.objects.get().scores) == ([610, 110, 110, 90], [1, 1, 1, 1])
    done = AuditEntry.objects.filter(action="exam_result.load", facts__has_key="reached").order_by("id")

    assert [entry.facts["reached"] for entry in done] == [1, 1, 0]


def test_scores_of_another_year_and_of_other_people_touch_nobody(personas: Personas) -> None:
    desk = Desk.lay(personas)
    load(personas, 600, 110, 100, 90, year=personas.season.year - 1)
    stranger = [ExamRow(number_of(8), (500, 1, 1, 1))]
    approve_by_two(personas.pe1, personas.pe2, exam_results.load, year=personas.season.year, rows=stranger, digest="d9")

    assert scores(desk) == []


def test_scores_that_were_there_first_are_taken_over_by_the_registration(personas: Personas) -> None:
    load(personas, 600, 110, 100, 90)
    assert scores(Desk.lay(personas)) == [600, 110, 100, 90]


def city_loads(personas: Personas, *rows: ExamRow, digest: str = "c1") -> int:
    """The city's own two officers load its list."""
    second = officer("me2", Role.CITY_EDUCATION, personas.city)
    params = {"year": personas.season.year, "rows": list(rows), "digest": digest}
    return int(approve_by_two(personas.me, second, exam_results.load, **params))


def faults(refused: pytest.ExceptionInfo[BadRows]) -> list[tuple[str, str]]:
    return [(row.where, row.what) for row in refused.value.rows]


def test_the_same_person_twice_in_one_list_is_refused_with_the_lines(personas: Personas) -> None:
    spelled = number_of(8)[:6] + " " + number_of(8)[6:].lower()
    rows = [ExamRow(number_of(8), (500,)), ExamRow(number_of(9), (400,)), ExamRow(spelled, (300,))]
    with pytest.raises(BadRows) as refused:
        approve_by_two(personas.pe1, personas.pe2, exam_results.load, year=personas.season.year, rows=rows, digest="d1")

    assert faults(refused) == [("第 1 行", "同一证件号码出现2次（第1、3行）")]
    assert ExamResult.objects.count() == 0


def test_a_city_loads_its_own_students_and_refuses_the_rows_of_others_by_number(personas: Personas) -> None:
    unit("甲市一中", "JUNIOR", personas.county)
    unit("乙市二县", "COUNTY", personas.other_city)
    own = Desk.lay(personas)
    own_rows = [
        ExamRow(number_of(7), (600,)),
        ExamRow(number_of(11), (500,), area="甲市一县"),
        ExamRow(number_of(12), (400,), junior_school="甲市一中"),
    ]
    strange = [ExamRow(number_of(13), (1,), area="乙市二县"), ExamRow(number_of(14), (1,), junior_school="别的中学")]
    with pytest.raises(BadRows) as refused:
        city_loads(personas, *own_rows, *strange)
    nowhere = "看不出这名学生属于您的辖区：表中的区县或毕业学校不在您的辖区"

    assert faults(refused) == [("第 4 行", nowhere), ("第 5 行", nowhere)]
    assert (ExamResult.objects.count(), scores(own)) == (0, [])
    # The refused try left the first person's proposal open; the mended file is another content.
    me3 = officer("me3", Role.CITY_EDUCATION, personas.city)
    params = {"year": personas.season.year, "rows": own_rows, "digest": "c2"}

    assert approve_by_two(personas.me, me3, exam_results.load, **params) == 3
    assert scores(own) == [600]


def test_a_city_never_writes_over_the_score_of_another_citys_student(personas: Personas) -> None:
    own = Desk.lay(personas)
    load(personas, 600, 110, 100, 90)
    approve_by_two(
        personas.pe1,
        personas.pe2,
        exam_results.load,
        year=personas.season.year,
        rows=[ExamRow(number_of(8), (500,))],
        digest="d2",
    )
    Person.objects.update(home=personas.other_city)
    with pytest.raises(BadRows) as refused:
        city_loads(personas, ExamRow(number_of(7), (1,), area="甲市一县"), ExamRow(number_of(8), (1,), area="甲市一县"))

    assert faults(refused) == [
        ("第 1 行", "这名学生的户籍（生源）县不在您的辖区"),
        ("第 2 行", "这名学生的成绩已由其他单位导入，您不能覆盖"),
    ]
    assert sorted(ExamResult.objects.values_list("scores", flat=True)) == [[500], [600, 110, 100, 90]]
    assert scores(own) == [600, 110, 100, 90]
