"""A school's aptitude test: two of its people report points in time and within the plan, and the list counts them."""

import pytest
from django.db import IntegrityError, transaction

from tests.support.builders.plans import drafted, programme, ready
from tests.support.builders.ranked_round import Ranked
from tests.support.clients import OfficerClient, approve_by_two
from tests.support.personas import SHELL, Personas, officer, unit
from yangguang import clock
from yangguang.actions.applicants import aptitude_tests
from yangguang.actions.base.dual_approval import AwaitingSecond
from yangguang.actions.disclosure import bundles
from yangguang.actions.organisation import directory
from yangguang.actions.runs import runs
from yangguang.actions.runs.results import compute_results, hash_results
from yangguang.actions.runs.setup import FAST, REFERENCE
from yangguang.models import (
    AdmissionRun,
    Application,
    AptitudeTestResult,
    AuditEntry,
    Plan,
    PlanVersion,
    Programme,
    Season,
)
from yangguang.queries.applicants.aptitude_tests import AptitudeTestRow, own_points
from yangguang.queries.audit.invariants.runs import VerifiedRuns
from yangguang.queries.disclosure.results import load_own_results
from yangguang.queries.runs.input_columns import read_columns
from yangguang.queries.runs.input_format import unpack
from yangguang.queries.runs.programme_rankings import get_ranking
from yangguang.reference import rows as rows_of
from yangguang.rules.accounts.roles import Role
from yangguang.rules.base.refusals import BadRows, Denied, NotFound, Refused, WindowClosed
from yangguang.rules.seasons.windows import WindowKind

pytestmark = pytest.mark.django_db
DIGEST, OTHER = "1" * 64, "2" * 64


@pytest.fixture
def laid(personas: Personas) -> Ranked:
    """Sector A has an aptitude test (up to 30 points), B has none; one seat each, choices open."""
    ranked = Ranked.lay(personas)
    for code in ("A", "B"):
        ranked.programme(code, 1)
    Programme.objects.filter(code="A").update(aptitude_test_max=30)
    for score in (600, 590, 580):
        ranked.apply(score, "A", "B")
    ranked.window(WindowKind.CHOICES, -10, 1)
    return ranked


@pytest.fixture
def second(personas: Personas) -> OfficerClient:
    """Another person of the school."""
    return officer("teacher2", Role.VOCATIONAL_SCHOOL, personas.school)


def rows(*points: tuple[str, int]) -> list[AptitudeTestRow]:
    return [AptitudeTestRow(at, number, given) for at, (number, given) in enumerate(points, 2)]


def load(laid: Ranked, second: OfficerClient, *points: tuple[str, int], code: str = "A", digest: str = DIGEST) -> int:
    params = {"programme": laid.programmes[code], "rows": rows(*points), "digest": digest}
    return int(approve_by_two(laid.personas.teacher, second, aptitude_tests.load, **params))


def stored_points() -> dict[str, int]:
    return dict(AptitudeTestResult.objects.values_list("application__number", "points"))


@pytest.fixture
def counted(laid: Ranked, second: OfficerClient) -> AdmissionRun:
    """At A: N0003 605, N0001 600, N0002 599, N0004 595. At B the plain totals: N0001, N0002, N0004, N0003."""
    laid.apply(585, "B", "A")
    load(laid, second, ("N0003", 25), ("N0002", 9), ("N0004", 10))
    laid.close()
    return laid.run()


def test_points_count_in_the_total_at_their_programme_and_nowhere_else(laid: Ranked, counted: AdmissionRun) -> None:
    assert laid.placed(counted) == {"N0001": "B", "N0002": None, "N0003": "A", "N0004": None}
    rows = {row.application.number: (row.codes, row.places) for row in counted.placements.all()}

    assert rows == {
        "N0001": (["outranked", "admitted"], [2, 1]),
        "N0002": (["outranked", "outranked"], [3, 2]),
        "N0003": (["admitted", "higher_choice_admitted"], [1, 4]),
        "N0004": (["outranked", "outranked"], [3, 4]),
    }
    assert dict(counted.cutoffs.values_list("programme__code", "last_score")) == {"A": [605], "B": [600]}


def test_the_frozen_text_shows_the_points_beside_the_choice(counted: AdmissionRun) -> None:
    people = [row.split("\t") for row in unpack(counted).decode().splitlines() if row.startswith("person")]
    assert [(cells[2], cells[6]) for cells in people] == [
        ("600", "A B"),
        ("590", "A+9 B"),
        ("580", "A+25 B"),
        ("585", "B A+10"),
    ]


def test_engine_and_reference_give_one_hash_with_points(counted: AdmissionRun) -> None:
    plain = unpack(counted)
    frozen, people = read_columns(plain)
    hashes = {
        hash_results(people, frozen.codes, compute_results(plain, frozen, people, engine))
        for engine in (FAST, REFERENCE)
    }

    assert hashes == {counted.output_hash}


def test_published_with_points_it_is_proven_replayed_and_explained(laid: Ranked, counted: AdmissionRun) -> None:
    directory.load(by=SHELL, rules=rows_of("policy_rules"))
    pe1, pe2 = laid.personas.pe1, laid.personas.pe2
    pe1.sign(runs.propose, run=counted)
    pe1.sign(runs.publish, run=pe2.sign(runs.approve, run=counted))
    counted.refresh_from_db()

    assert list(VerifiedRuns().find_unreproducible()) == []
    assert bundles.make(by=SHELL, run=counted) is not None
    first = Application.objects.get(number="N0001")
    result = load_own_results(first.pk, first.number, first.person_id)
    # 600 stands behind 580 with 25 points; whose 605 is the only one there, is for no one else to read.
    sentence = result.rounds[0].choices[0].sentence

    assert "您排第2位，未达到录取位次" in sentence
    assert "605" not in sentence
    page = get_ranking(counted, laid.programmes["A"], clock.now())

    assert page is not None
    assert [(row.place, row.number, row.score, row.tied) for row in page.rows] == [
        (1, "N0003", 605, False),
        (2, "N0001", 600, False),
        (3, "N0002", 599, False),
        (4, "N0004", 595, False),
    ]


def test_only_two_people_of_the_school_report(laid: Ranked, second: OfficerClient) -> None:
    params = {"programme": laid.programmes["A"], "rows": rows(("N0001", 5)), "digest": DIGEST}

    assert isinstance(laid.personas.teacher.sign(aptitude_tests.load, **params), AwaitingSecond)
    assert stored_points() == {}
    with pytest.raises(Refused, match="还需要另一个人"):
        laid.personas.teacher.sign(aptitude_tests.load, **params)

    assert second.sign(aptitude_tests.load, **params).result == 1
    assert stored_points() == {"N0001": 5}
    done = AuditEntry.objects.filter(action="aptitude_test.load").latest("id")

    assert (done.facts["rows"], done.facts["corrected"], done.facts["digest"]) == (1, 0, DIGEST)
    elsewhere = unit("乙校", "SCHOOL", laid.personas.county, sector="EDUCATION", governed_by="COUNTY")
    with pytest.raises(NotFound):
        officer("other", Role.VOCATIONAL_SCHOOL, elsewhere).sign(aptitude_tests.load, **params)
    with pytest.raises(Denied):
        laid.personas.pe1.sign(aptitude_tests.load, **params)


def test_an_applicant_of_the_own_school_s_programme_sees_where_the_points_come_from(
    laid: Ranked, second: OfficerClient
) -> None:
    load(laid, second, ("N0001", 7))

    rows = own_points(Application.objects.get(number="N0001"))

    points = [(one.programme.plan.school.name, one.programme.major, one.points) for one in rows]

    assert points == [("甲市第一职业学校", "专业A", 7)]
    assert not own_points(Application.objects.get(number="N0002"))


def test_every_bad_row_is_named_and_nothing_is_kept(laid: Ranked, second: OfficerClient) -> None:
    bad = [("N0001", 31), ("N9999", 5), ("N0002", 5), ("N0002", 6), ("N0003", 30)]
    with pytest.raises(BadRows) as refused:
        load(laid, second, *bad)

    assert [(row.where, row.what) for row in refused.value.rows] == [
        ("第 2 行", "专业A公布的最高加分是30分，这里是31分"),
        ("第 3 行", "报名号N9999不在本季的报名中"),
        ("第 4 行", "报名号N0002出现了2次"),
        ("第 5 行", "报名号N0002出现了2次"),
    ]
    assert stored_points() == {}
    with pytest.raises(BadRows):
        load(laid, second, digest=OTHER)


def test_the_database_itself_refuses_more_points_than_the_plan_allows(laid: Ranked, second: OfficerClient) -> None:
    load(laid, second, ("N0001", 30))
    with pytest.raises(IntegrityError, match="more than the programme allows"), transaction.atomic():
        AptitudeTestResult.objects.update(points=31)


def test_the_same_file_is_taken_once_and_a_later_one_corrects(laid: Ranked, second: OfficerClient) -> None:
    load(laid, second, ("N0001", 7), ("N0002", 8))
    with pytest.raises(Refused, match="已经报送过"):
        load(laid, second, ("N0001", 7), ("N0002", 8))
    load(laid, second, ("N0001", 0), ("N0003", 3), digest=OTHER)

    assert stored_points() == {"N0001": 0, "N0002": 8, "N0003": 3}
    assert AuditEntry.objects.filter(action="aptitude_test.load").latest("id").facts["corrected"] == 1
    history = AptitudeTestResult.events.rel.related_model.objects.filter(application__number="N0001").order_by("pgh_id")

    assert list(history.values_list("pgh_label", "points")) == [("insert", 7), ("update", 0)]


def test_a_programme_without_an_approved_test_takes_no_points(laid: Ranked, second: OfficerClient) -> None:
    with pytest.raises(Refused, match="没有经审核公布的自主测试"):
        load(laid, second, ("N0001", 1), code="B")
    draft = Programme.objects.create(
        plan=Plan.objects.create(
            school=laid.personas.school, capacity=9, season=Season.objects.create(year=2030, term="SPRING")
        ),
        code="C",
        major="专业C",
        programme_type="three_year",
        study_form="full_time",
        years=3,
        seats=1,
        aptitude_test_max=30,
    )
    laid.programmes["C"] = draft
    with pytest.raises(Refused, match="没有经审核公布的自主测试"):
        load(laid, second, ("N0001", 1), code="C")


def test_after_the_choices_close_or_a_run_has_begun_nothing_is_taken(laid: Ranked, second: OfficerClient) -> None:
    load(laid, second, ("N0001", 7))
    laid.close()
    with pytest.raises(WindowClosed, match="已经截止"):
        load(laid, second, ("N0001", 9), digest=OTHER)
    laid.run()
    laid.window(WindowKind.CHOICES, -10, 1)  # extended after all
    with pytest.raises(Refused, match="已经开始录取运算"):
        load(laid, second, ("N0001", 9), digest="3" * 64)

    assert stored_points() == {"N0001": 7}


def test_the_most_points_are_drafted_checked_and_kept_in_the_plan_s_history(personas: Personas) -> None:
    with pytest.raises(BadRows) as refused:
        drafted(ready(personas), programme(aptitude_test_max=31))

    assert [(row.where, row.what) for row in refused.value.rows] == [
        ("第 1 行（护理）·自主测试加分", "自主测试最高加31分，不在0到30分之内")
    ]
    plan = drafted(personas, programme(aptitude_test_max=30), programme("会计事务"))

    assert list(plan.programmes.values_list("major", "aptitude_test_max")) == [("护理", 30), ("会计事务", 0)]
    assert [row["aptitude_test_max"] for row in PlanVersion.objects.get(plan=plan).programmes] == [30, 0]
