"""Schools and plans are found by what people type, page by key, and cost the same whatever their number."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from django.db import connection

from tests.access.world import undone
from tests.support.fixture_cache import again
from tests.support.personas import SHELL
from tests.support.query_counter import statements, statements_and_values
from yangguang import clock
from yangguang.actions.organisation import directory
from yangguang.models import Account, Notice, Plan, Programme, Quota, Sanction, Season, Unit, ViolationKind
from yangguang.postgres.sql import execute, fetch_all
from yangguang.queries.organisation import units
from yangguang.queries.organisation.units import SchoolFilter
from yangguang.queries.plans import plans
from yangguang.queries.plans.plans import PlanFilter
from yangguang.queries.publicity import public_home
from yangguang.reference import rows
from yangguang.rules.base.refusals import NotFound, Refused
from yangguang.rules.supervision.sanctions import Measure

pytestmark = pytest.mark.django_db
UNKNOWN = "01900000-0000-7000-8000-000000000000"


@pytest.fixture
def season(db: None) -> Season:
    """The real directory in the list of a season."""
    return again("directory", _listed)


def _listed() -> Season:
    directory.load(by=SHELL, units=rows("units"), schools=rows("schools"))
    made = Season.objects.create(year=2024, term="AUTUMN")
    listed(made)
    return made


def listed(season: Season) -> None:
    execute(
        "INSERT INTO yangguang_qualification (unit_id, year, basis, as_of, published_at)"
        " SELECT id, %s, '测试', current_date, yg_now() FROM yangguang_unit WHERE level = 'SCHOOL'"
        " ON CONFLICT DO NOTHING",
        (season.year,),
    )


def plan_of(season: Season, school: Unit, *majors: str, state: str = "PUBLISHED", seats: int = 10) -> Plan:
    """A plan laid straight in its state, which an INSERT may do and an UPDATE may not."""
    plan = Plan.objects.create(school=school, season=season, capacity=999, state=state)
    for at, major in enumerate(majors):
        programme = Programme.objects.create(
            plan=plan,
            code=f"{school.code}-{at:03}",
            major=major,
            programme_type="three_year",
            study_form="full_time",
            years=3,
            seats=seats,
            fee=1000 + at,
            origins=["junior_this_year"],
        )
        Quota.objects.create(
            programme=programme, code="general", name="普通", seats=seats, taken=at, mode="at_least", tie="all_wait"
        )
    return plan


def warn(school: Unit, says: str = "虚假宣传") -> None:
    kind, _ = ViolationKind.objects.get_or_create(
        year=2023, position=4, defaults={"text": "严禁", "source": "测试", "clause": "二"}
    )
    one, _ = Account.objects.get_or_create(username="one")
    two, _ = Account.objects.get_or_create(username="two")
    Sanction.objects.create(
        unit=school,
        kind="WARN",
        violation=kind,
        state="DECIDED",
        sentence=says,
        starts_at=clock.now(),
        proposed_by=one,
        decided_by=two,
        decided_at=clock.now(),
    )


def names(season: Season, **asked: str) -> list[str]:
    return [card.name for card in units.schools(SchoolFilter(**asked), season=season, at=clock.now(), size=100).rows]


@pytest.mark.parametrize("typed", ["新密", "xinmi", "XinMi", "ｘｉｎｍｉ", " 新 密 ", "xms"])
def test_a_school_is_found_by_name_pinyin_and_initials(season: Season, typed: str) -> None:
    assert names(season, text=typed) == ["新密市（演示）职教中心"]


@pytest.mark.parametrize("typed", ["%", "_", "\\", "'; --", "\x00", "没有这所学校", "x" * 500])
def test_what_is_no_name_finds_nothing_or_everything_and_never_fails(season: Season, typed: str) -> None:
    assert len(names(season, text=typed)) == (43 if typed == "\x00" else 0)


def test_filters_narrow_the_list(season: Season) -> None:
    assert names(season, sector="labour") == ["河南技师学院", "郑州铁路技师学院"]
    assert names(season, area="410183") == ["新密市（演示）职教中心"]
    assert set(names(season, area="410100", kind="技师学院")) == {"郑州铁路技师学院"}
    assert names(season, area="不存在") == []


def test_a_card_says_where_the_school_lies_what_is_left_and_what_is_held_against_it(season: Season) -> None:
    school = Unit.objects.get(code="DEMO-S32")
    plan_of(season, school, "护理", "会计事务")
    warn(school)
    card = units.schools(SchoolFilter(text="新密"), season=season, at=clock.now()).rows[0]

    assert (card.city, card.county, card.seats, card.left, card.programmes) == ("郑州市", "新密市", 20, 19, 2)
    assert card.labels == ((Measure.WARN, "虚假宣传"),)
    assert units.school(card.public_id, season=season, at=clock.now()) == card
    with pytest.raises(NotFound):
        units.school(UNKNOWN, season=season, at=clock.now())


def test_only_schools_of_the_published_list_are_displayed(season: Season) -> None:
    Unit.objects.get(code="DEMO-S32").qualifications.all().delete()
    assert names(season, text="新密") == []


@pytest.mark.parametrize("sort", ["name", "city", "seats", "left"])
def test_pages_by_key_show_every_school_once_in_order(season: Season, sort: str) -> None:
    for at, school in enumerate(Unit.objects.filter(level="SCHOOL").order_by("code")[:9]):
        plan_of(season, school, *["护理", "会计事务"][: at % 3])
    asked, after, seen = SchoolFilter(sort=sort), "", []
    while True:
        page = units.schools(asked, season=season, at=clock.now(), after=after, size=7)
        seen += page.rows
        if not (after := page.after):
            break
    whole = units.schools(asked, season=season, at=clock.now(), size=100).rows

    assert len(seen) == 43
    assert seen == list(whole)
    if sort == "seats":
        assert [card.seats for card in seen] == sorted((card.seats for card in seen), reverse=True)


@pytest.mark.parametrize("after", ["!", "WyJuYW1lIl0", "bnVsbA", "W10", "a" * 999])
def test_a_tampered_key_begins_the_list(season: Season, after: str) -> None:
    first = units.schools(SchoolFilter(), season=season, at=clock.now(), size=5)

    assert units.schools(SchoolFilter(), season=season, at=clock.now(), size=5, after=after) == first
    # A key of another order is no key of this one.
    other = units.schools(SchoolFilter(sort="seats"), season=season, at=clock.now(), size=5).after

    assert units.schools(SchoolFilter(), season=season, at=clock.now(), size=5, after=other) == first


def test_a_bureau_is_found_by_its_name_and_a_slip_is_answered_with_the_nearest(season: Season) -> None:
    assert units.find_unit("郑州市", *units.BUREAUS).code == "410100"

    with pytest.raises(Refused, match="最接近的是“郑州市”"):
        units.find_unit("郑州", *units.BUREAUS)


def test_the_areas_of_the_filter_are_the_areas_with_schools(season: Season) -> None:
    assert units.areas_with_schools() == [("410000", "河南省"), ("410100", "郑州市")]


def majors(season: Season, **asked: object) -> list[str]:
    found = plans.search(PlanFilter(**asked), season=season, at=clock.now(), size=100)  # type: ignore[arg-type]
    return [row.major for row in found.rows]


def test_drafts_never_appear_anywhere(season: Season) -> None:
    school = Unit.objects.get(code="DEMO-S32")
    plan = plan_of(season, school, "护理", state="DRAFTED")
    programme = plan.programmes.get()

    assert majors(season) == []
    assert plans.programmes_of(school.pk, season=season, at=clock.now()) == []
    assert plans.compare([str(programme.public_id)], at=clock.now()) == []
    assert plans.history(plan.pk) == []
    assert public_home.load_public_home().programmes == 0


def test_plans_are_searched_filtered_and_sorted(season: Season) -> None:
    plan_of(season, Unit.objects.get(code="DEMO-S32"), "护理", "会计事务", "汽修")
    plan_of(season, Unit.objects.get(code="DEMO-S01"), "护理", seats=1)

    assert majors(season, text="护理") == ["护理", "护理"]
    assert majors(season, text="xinmi", sort="left") == ["护理", "会计事务", "汽修"]
    assert majors(season, fee_at_most=1001, area="410183") == ["护理", "会计事务"]
    assert majors(season, programme_type="five_year") == majors(season, origin="veteran") == []
    Quota.objects.filter(programme__major="护理", seats=1).update(taken=1)

    assert len(majors(season)) == 4
    assert len(majors(season, has_seats=True)) == 3


@pytest.mark.parametrize("sort", ["school", "major", "fee", "left"])
def test_pages_of_plans_show_every_sector_once(season: Season, sort: str) -> None:
    for school in Unit.objects.filter(level="SCHOOL").order_by("code")[:5]:
        plan_of(season, school, "护理", "会计事务", "汽修")
    asked, after, seen = PlanFilter(sort=sort), "", []
    while True:
        page = plans.search(asked, season=season, at=clock.now(), after=after, size=4)
        seen += page.rows
        if not (after := page.after):
            break

    assert seen == list(plans.search(asked, season=season, at=clock.now(), size=100).rows)
    assert len({row.code for row in seen}) == len(seen) == 15


def test_sectors_are_compared_in_the_order_asked_for(season: Season) -> None:
    plan = plan_of(season, Unit.objects.get(code="DEMO-S32"), "护理", "会计事务")
    ids = [str(programme.public_id) for programme in plan.programmes.order_by("-code")]

    assert [row.major for row in plans.compare([*ids, ids[0], UNKNOWN], at=clock.now())] == ["会计事务", "护理"]


def test_the_front_page_tells_what_is_open_what_is_new_and_whom_to_beware(season: Season) -> None:
    directory.load(by=SHELL, seasons=rows("seasons"), rounds=rows("rounds"), windows=rows("windows"))
    school = Unit.objects.get(code="DEMO-S32")
    plan_of(season, school, "护理", "会计事务")
    warn(school)
    Notice.objects.create(unit=school.parent, title="通知", body="文", published_at=clock.now())
    Notice.objects.create(unit=school.parent, title="未发布", body="文")
    page = public_home.load_public_home()

    assert (page.season, page.schools, page.programmes, page.seats, page.free) == (season, 43, 2, 20, 19)
    assert [notice.title for notice in page.notices] == ["通知"]
    assert [(warned.name, labels) for warned, labels in page.warnings] == [(school.name, ((Measure.WARN, "虚假宣传"),))]
    kept = sum(row["year"] == "2024" and row["term"] == "AUTUMN" for row in rows("windows"))

    assert len(page.windows) == kept
    dated = replace(page, windows=public_home.list_season_windows(season, page.windows[0].closes_at))  # type: ignore[arg-type]

    assert page.windows[0].kind not in {
        tick.kind for tick in dated.open_windows if tick.closes_at == page.windows[0].closes_at
    }


def test_without_a_season_the_front_page_still_opens(db: None) -> None:
    assert (
        public_home.load_public_home().season,
        public_home.load_public_home().windows,
        public_home.load_public_home().notices,
    ) == (None, (), ())


def asked_by(season: Season) -> dict[str, int]:
    """Queries of each public read."""
    school = Unit.objects.get(code="DEMO-S01")
    ids = [str(programme.public_id) for programme in Programme.objects.all()[:4]]
    reads = {
        "front": lambda: public_home.load_public_home(),
        "schools": lambda: units.schools(SchoolFilter(sort="left"), season=season, at=clock.now()),
        "search": lambda: plans.search(PlanFilter(has_seats=True), season=season, at=clock.now()),
        "programmes": lambda: plans.programmes_of(school.pk, season=season, at=clock.now()),
        "compare": lambda: plans.compare(ids, at=clock.now()),
    }
    counts = {}
    for name, read in reads.items():
        with statements() as seen:
            read()
        counts[name] = len(seen)
    return counts


def test_every_public_read_costs_the_same_for_one_row_and_for_three(season: Season) -> None:
    schools = list(Unit.objects.filter(level="SCHOOL").order_by("code"))
    plan_of(season, schools[0], "护理")
    warn(schools[0])
    Notice.objects.create(unit=schools[0].parent, title="一", body="文", published_at=clock.now())
    one = asked_by(season)
    # Both ways to the database are counted: a search is one statement for the rows and one for the measures.
    assert (one["search"], one["programmes"], one["compare"]) == (3, 3, 3)
    for school in schools[1:3]:
        plan_of(season, school, "护理", "会计事务", "汽修")
        warn(school)
        Notice.objects.create(unit=school.parent, title="又", body="文", published_at=clock.now())

    assert asked_by(season) == one


def province(season: Season, more: int) -> None:
    """So many more schools, and ten published programmes for every school, laid by the database itself."""
    fetch_all(
        """
        WITH schools AS (
            INSERT INTO yangguang_unit (code, name, pinyin, initials, level, governed_by, kind, sector, owner,
                                        parent_id, path, region_code, source, is_demo, is_new)
            SELECT 'BIG-' || n, '大校' || n, 'daxiao' || n, 'dx' || n, 'SCHOOL', 'CITY', '职业高中', 'education',
                   '公办', c.id, c.path || 'b' || n || '/', '', '', true, false
            FROM generate_series(1, %s) n, yangguang_unit c WHERE c.code = '410100' RETURNING id
        )
        SELECT count(*) FROM schools
        """,
        (more,),
    )
    listed(season)
    execute(
        """
        WITH plans AS (
            INSERT INTO yangguang_plan (school_id, season_id, state, capacity, remark, version)
            SELECT id, %s, 'PUBLISHED', 999, '', 1 FROM yangguang_unit WHERE level = 'SCHOOL' RETURNING id
        ), programmes AS (
            INSERT INTO yangguang_programme (plan_id, code, major, programme_type, study_form, years, seats, fee,
                                            origins, partner, note, is_demo, aptitude_test_max)
            SELECT id, 'B' || id || '-' || n, '专业' || n, 'three_year', 'full_time', 3, 50, 2000,
                   '{junior_this_year}', '', '', true, 0 FROM plans, generate_series(1, 10) n RETURNING id
        )
        INSERT INTO yangguang_quota (programme_id, code, name, seats, taken, mode, priority, flows_to, tie)
        SELECT id, 'general', '普通', 50, id %% 50, 'at_least', 1, '', 'all_wait' FROM programmes
        """,
        (season.pk,),
    )
    for table in ("unit", "qualification", "plan", "programme", "quota"):
        execute(f"ANALYZE yangguang_{table}")


def rows_read(read: Callable[[], object]) -> tuple[int, int]:
    """How many statements a read sends, and how many rows the steps of their plans handle."""
    with statements_and_values() as sent:
        read()
    handled = 0
    for sql, values in sent:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", values)
            handled += rows_handled(cursor.fetchone()[0][0]["Plan"])
    return len(sent), handled


def rows_handled(step: dict[str, Any]) -> int:
    """The rows that a step of a plan and those below it give or leave out, in all its loops."""
    left_out = sum(count for name, count in step.items() if name.startswith("Rows Removed"))
    own = step["Actual Loops"] * (step["Actual Rows"] + left_out)
    return int(own) + sum(rows_handled(below) for below in step.get("Plans", []))


def all_reads(season: Season) -> dict[str, tuple[int, int]]:
    at = clock.now()
    reads: dict[str, Callable[[], object]] = {
        **{f"schools {s}": partial(units.schools, SchoolFilter(sort=s), season=season, at=at) for s in units.SORTS},
        **{f"plans {s}": partial(plans.search, PlanFilter(sort=s), season=season, at=at) for s in plans.SORTS},
        "front": public_home.load_public_home,
    }
    return {name: rows_read(read) for name, read in reads.items()}


def test_no_public_read_reads_a_province_row_by_row(season: Season) -> None:
    """With four times as many schools no read sends more statements, and the work grows with them, not their square."""
    with undone():
        province(season, more=82)
        assert (Programme.objects.count(), Unit.objects.filter(level="SCHOOL").count()) == (1250, 125)
        small = all_reads(season)
    province(season, more=457)
    large = all_reads(season)

    assert (Programme.objects.count(), Unit.objects.filter(level="SCHOOL").count()) == (5000, 500)
    assert {name: sent for name, (sent, _) in large.items()} == {name: sent for name, (sent, _) in small.items()}
    assert {name: one for name, one in large.items() if one[1] > 6 * small[name][1]} == {}
