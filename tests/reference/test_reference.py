"""The data the product ships: sums to the person, a tree without loops, sources everywhere."""

import json
from datetime import date
from pathlib import Path

import pytest

import yangguang.reference
from yangguang.reference import rows
from yangguang.rules.applicants.origins import Origin, StudyForm
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.runs.rounds import RoundKind
from yangguang.rules.seasons.windows import WindowKind

FILES = sorted(path.stem for path in Path(yangguang.reference.__file__).parent.glob("*.csv"))
SCHOOLS = rows("schools")
UNITS = {row["code"]: row for row in rows("units")}


@pytest.mark.parametrize("name", FILES)
def test_every_file_has_rows_of_one_width_and_is_named_in_the_readme(name: str) -> None:
    table = rows(name)

    assert table
    assert all(None not in row and None not in row.values() for row in table)

    readme = Path(yangguang.reference.__file__).with_name("README.md").read_text(encoding="utf-8")

    assert f"`{name}.csv`" in readme


def test_the_33_rows_add_up_to_67686() -> None:
    tasks = [(row["kind"], int(row["task"])) for row in rows("zhengzhou_tasks_2024")]
    areas = [task for kind, task in tasks if kind == "区县(市)"]
    schools = [task for kind, task in tasks if kind != "区县(市)"]

    assert (len(tasks), sum(task for _, task in tasks)) == (33, 67686)
    assert (len(areas), sum(areas)) == (6, 35500)
    assert (len(schools), sum(schools)) == (27, 32186)
    assert tasks[-1] == ("其他学校(汇总行)", 2133)


def test_the_five_prohibitions_stand_word_for_word() -> None:
    assert [row["text"] for row in rows("prohibitions_2023")] == [
        "严禁各地在招生过程中进行生源封锁和地方（行业）保护",
        "严禁初中学校教师干预或代替学生填报志愿",
        "严禁初中学校或教师在招生过程中向招生学校索要、收受任何名义的经费或实物",
        "严禁招生学校在招生中进行虚假宣传、欺骗招生",
        "严禁虚假注册学籍",
    ]


def test_to_the_province_report_17_cities_jiyuan_ten_counties_and_the_airport_zone() -> None:
    kinds = [row["kind"] for row in UNITS.values() if row["reports_to"] == "410000"]
    counted = {kind: kinds.count(kind) for kind in set(kinds)}

    assert counted == {"省辖市": 17, "济源示范区": 1, "省直管县（市）": 10, "航空港区": 1}


def test_a_county_under_the_province_keeps_the_region_code_of_its_city() -> None:
    row = UNITS["410181"]

    assert (row["name"], row["region_code"], row["reports_to"]) == ("巩义市", "410181", "410000")


def test_every_unit_hangs_under_the_one_root() -> None:
    roots = [code for code, row in UNITS.items() if not row["reports_to"]]

    assert roots == ["410000"]

    for code in UNITS:
        steps = 0
        while code != "410000":
            code, steps = UNITS[code]["reports_to"], steps + 1
            assert steps <= 2


def test_development_zones_of_zhengzhou_report_to_zhengzhou() -> None:
    zones = {row["name"] for row in UNITS.values() if row["kind"] == "开发区" and row["reports_to"] == "410100"}

    assert zones == {"郑州经济技术开发区", "郑州高新技术产业开发区"}


def test_every_named_school_of_the_target_table_is_there_under_the_city() -> None:
    named = [r["unit"] for r in rows("zhengzhou_tasks_2024") if r["kind"] in {"中等职业学校", "高职院校中专部"}]

    assert len(named) == 26
    assert {s["name"] for s in SCHOOLS if s["source"].endswith("附件1")} == set(named)
    assert {s["reports_to"] for s in SCHOOLS if s["name"] in named} == {"410100"}


def test_every_area_of_the_target_table_has_a_school_of_its_own() -> None:
    areas = {r["unit"] for r in rows("zhengzhou_tasks_2024") if r["kind"] == "区县(市)"}

    assert {UNITS[s["reports_to"]]["name"] for s in SCHOOLS if s["governed_by"] == "COUNTY"} == areas


def test_invented_schools_say_so_in_their_name_and_no_other_does() -> None:
    assert {s["name"] for s in SCHOOLS if s["is_demo"] == "1"} == {
        s["name"] for s in SCHOOLS if "（演示）" in s["name"]
    }
    assert all(s["source"] and s["sure"] and s["code"].startswith("DEMO-") for s in SCHOOLS)
    assert len({s["code"] for s in SCHOOLS}) == len({s["name"] for s in SCHOOLS}) == len(SCHOOLS)


def test_a_school_hangs_where_its_governing_level_is() -> None:
    assert {s["sector"] for s in SCHOOLS} == set(Sector)
    assert all(UNITS[s["reports_to"]]["level"] == s["governed_by"] for s in SCHOOLS)


def test_each_school_offers_three_to_eight_majors_whose_shares_make_its_plan() -> None:
    majors = {row["name"]: row["category"] for row in rows("majors_demo")}
    offered = rows("school_majors_demo")
    for school in SCHOOLS:
        own = [row for row in offered if row["school_code"] == school["code"]]
        keys = [(row["major"], row["programme_type"], row["study_form"]) for row in own]
        assert 3 <= len(own) <= 8
        assert len(set(keys)) == len(keys)
        assert sum(int(row["share"]) for row in own if row["programme_type"] != ProgrammeType.ONE_YEAR) == 100
        assert all(majors[row["major"]] == row["category"] and int(row["fee"]) > 0 for row in own)

    assert {row["programme_type"] for row in offered} <= set(ProgrammeType)
    assert {row["study_form"] for row in offered} == set(StudyForm)
    assert {row["is_demo"] for row in offered} == {"1"}


def test_colleges_offer_no_one_year_and_no_part_time_programme() -> None:
    colleges = {s["code"] for s in SCHOOLS if s["kind"] == "高校中专部"}
    own = [row for row in rows("school_majors_demo") if row["school_code"] in colleges]

    assert {(row["programme_type"], row["study_form"]) for row in own} == {
        ("five_year", "full_time"),
        ("three_year", "full_time"),
    }


def test_windows_name_known_things_and_end_after_they_start() -> None:
    seasons = {(row["year"], row["term"]) for row in rows("seasons")}
    rounds = {(row["year"], row["term"], row["number"]) for row in rows("rounds")}
    for row in rows("windows"):
        assert row["kind"] in set(WindowKind)
        assert (row["year"], row["term"]) in seasons
        assert not row["round"] or (row["year"], row["term"], row["round"]) in rounds
        if row["opens_on"]:
            assert date.fromisoformat(row["opens_on"]) <= date.fromisoformat(row["closes_on"])

    assert len({(r["year"], r["term"], r["round"], r["kind"]) for r in rows("windows")}) == len(rows("windows"))


def test_rounds_name_known_kinds_programme_types_and_origins() -> None:
    for row in rows("rounds"):
        assert row["kind"] in set(RoundKind)
        assert set(row["programme_types"].split(";")) <= set(ProgrammeType)
        assert set(filter(None, row["origins"].split(";"))) <= set(Origin)


def test_every_policy_rule_is_json_with_a_source_and_official_ones_a_clause() -> None:
    table = rows("policy_rules")

    assert len({(row["key"], row["applies_to"], row["valid_from"]) for row in table}) == len(table)

    for row in table:
        json.loads(row["value"])
        date.fromisoformat(row["valid_from"])
        assert row["source"]
        assert row["sure"] in {"原文", "旁证", "推定", "自定", "演示"}
        assert row["clause"] or row["sure"] != "原文"


def test_the_days_of_the_forms_are_those_of_the_notices() -> None:
    due = {row["applies_to"]: row["value"] for row in rows("policy_rules") if row["key"] == "report.due_day"}

    assert due == {"层级=市级": "15", "层级=省级": "20"}
