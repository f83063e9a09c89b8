"""The map of completion: the rate of the target page for every area that reports to the province."""

import re

import pytest

from tests.support.builders.enrolment import Enrolled
from tests.support.builders.officers import at_desk, cost, page_of
from tests.support.personas import Personas, unit
from yangguang.models import Target, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolled(personas: Personas) -> Enrolled:
    """A city with a target and one enrolled, a city without a target, and areas that report to the province itself."""
    for name, kind, code in (("丙县", "省直管县（市）", "410225"), ("丁航空港经济综合实验区", "航空港区", "410173")):
        area = unit(name, "COUNTY", personas.province)
        Unit.objects.filter(pk=area.pk).update(kind=kind, region_code=code)
    Unit.objects.filter(pk=unit("济源市", "CITY", personas.province).pk).update(region_code="419001")
    Target.objects.create(
        year=personas.season.year,
        sector="education",
        parent=personas.province,
        unit=personas.city,
        label=personas.city.name,
        position=1,
        number=8,
        source="测试文件",
    )
    laid = Enrolled.lay(personas)
    laid.admit("某甲", state="CHECKED_IN")
    laid.admit("某乙")
    return laid


def test_the_map_shows_the_rate_of_the_target_page_under_a_visible_title(enrolled: Enrolled) -> None:
    year, province = enrolled.personas.season.year, at_desk(enrolled.personas.pe1)
    page = page_of(province, "/desk/progress/")

    assert f"{year}年各地招生任务完成率（教育线）" in page
    assert "甲 12.50%" in page
    assert "1 / 8 12.50%" in page_of(province, f"/desk/targets/?year={year}")


def test_an_area_without_a_target_has_a_tile_that_says_so(enrolled: Enrolled) -> None:
    html = at_desk(enrolled.personas.pe1).get("/desk/progress/").content.decode()
    tiles = re.findall(
        r'tile--(\w*) tile--(\w+)(?: tile--county)?">.*?tile-name">(.*?)<.*?tile-number"[^>]*>(.*?)<', html, re.S
    )

    assert sorted((name, shade, rate) for _, shade, name, rate in tiles) == [
        ("丙县", "none", "—"),
        ("乙", "none", "—"),
        ("济源", "none", "—"),
        ("甲", "0", "12.50%"),
        ("航空港区", "none", "—"),
    ]
    assert "没有任务数" in html


def test_the_map_costs_as_much_for_more_areas(enrolled: Enrolled) -> None:
    province = at_desk(enrolled.personas.pe1)
    before = cost(province, "/desk/progress/")
    for name in ("戊市", "己市"):
        unit(name, "CITY", enrolled.personas.province)

    assert cost(province, "/desk/progress/") == before


def test_the_map_measures_another_rate_by_home_and_its_file_has_the_same_numbers(enrolled: Enrolled) -> None:
    province = at_desk(enrolled.personas.pe1)

    page = page_of(province, "/desk/progress/?map=checked_in")
    file = province.get("/desk/progress/?map=checked_in&csv=map").content.decode("utf-8-sig")

    assert "各地报到率" in page
    assert "报到率＝报到人数÷录取人数" in page
    assert "没有任务数" not in page
    assert "单位,报到率\r\n" in file
    assert "甲,50%\r\n" in file
    assert "乙,—\r\n" in file


def test_the_map_of_another_rate_costs_no_more_statements(enrolled: Enrolled) -> None:
    province = at_desk(enrolled.personas.pe1)

    assert cost(province, "/desk/progress/?map=admitted") <= cost(province, "/desk/progress/")


def test_what_was_done_and_what_is_missing_add_up_to_the_target(enrolled: Enrolled) -> None:
    province, year = at_desk(enrolled.personas.pe1), enrolled.personas.season.year

    file = province.get(f"/desk/targets/?year={year}&csv=remaining").content.decode("utf-8-sig")

    assert file == "项目,人数\r\n任务数,8\r\n甲市,−1\r\n还差,7\r\n"
    assert "还差 7 人；完成最多的是甲市，1 人。" in page_of(province, f"/desk/targets/?year={year}")


@pytest.mark.parametrize("chart", ["funnel", "completion", "areas", "map"])
def test_each_picture_of_the_front_page_has_its_file(enrolled: Enrolled, chart: str) -> None:
    province = at_desk(enrolled.personas.pe1)

    assert f"csv={chart}" in province.get("/desk/").content.decode()
    assert province.get(f"/desk/?csv={chart}")["Content-Type"] == "text/csv; charset=utf-8"
