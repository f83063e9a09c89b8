"""The forms of a year are its rule rows: another row is another page, file and stored report; what was sealed stays."""

import csv
import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from tests.support.builders.enrolment import Enrolled
from tests.support.builders.forms import FORM_C, FORM_P, FORM_T
from tests.support.builders.monthly import YEAR, check_in, compute, enrolled, seal
from tests.support.builders.officers import at_desk, page_of
from tests.support.builders.policy import set_rule
from tests.support.personas import Personas
from yangguang.actions.organisation.directory_files import read_directory
from yangguang.actions.reporting import reports
from yangguang.actions.reporting.reports import sealed_digest
from yangguang.actions.reporting.target_files import read_target_file
from yangguang.models import Admission, MonthlyReport, Season
from yangguang.queries.audit.invariants.reports import find_broken_seals, find_wrong_sums
from yangguang.rules.base.refusals import BadRows
from yangguang.rules.seasons.windows import SHANGHAI
from yangguang.sheets import render_csv
from yangguang.sheets.monthly import fill_report, fill_targets

__all__ = ["enrolled"]
pytestmark = pytest.mark.django_db
CHANGED = FORM_C | {
    "title": "新的表",
    "columns": [
        ["one_year", "短期班人数", "招生数"],
        ["secondary", "中专人数", "招生数"],
        ["three_plus_two", "3+2 人数", "招生数"],
        ["total", "合计", "招生数"],
        ["target", "任务数"],
        ["completion", "完成率"],
    ],
    "notes": ["新的备注。"],
    "seal_label": "盖章单位：{unit}",
}
"""五年一贯制 has no column, and counts with the rest."""


def change_form() -> None:
    set_rule("report.form", CHANGED, "层级=市级")


def page(enrolled: Enrolled, report: MonthlyReport) -> str:
    return page_of(at_desk(enrolled.personas.ce), f"/desk/reports/{report.public_id}/")


def csv_of(report: MonthlyReport) -> list[str]:
    return render_csv(fill_report(report)).decode("utf-8-sig").splitlines()


def test_another_row_changes_stored_report_file_and_page(enrolled: Enrolled) -> None:
    change_form()
    report = compute(enrolled.personas, 9)
    report.refresh_from_db()
    html = page(enrolled, report)

    assert report.shape_source == "测试文件 第一条"
    assert [column[:2] for column in report.shape["columns"]] == [column[:2] for column in CHANGED["columns"]]
    assert "five_year" not in report.rows[0]
    assert csv_of(report)[:5] == [
        "附件 2",
        "新的表",
        "（截止 2024 年 9 月 30 号）",
        "盖章单位：甲市一县,单位：人",
        "短期班人数,中专人数,3+2 人数,合计,任务数,完成率",
    ]
    assert csv_of(report)[5:7] == ["3,3,2,8,8,50.00%", "新的备注。"]
    for text in ("新的表", "短期班人数", "新的备注。", "盖章单位：甲市一县", "表样依据 测试文件 第一条"):
        assert text in html
    assert "五年一贯制人数" not in html


def test_what_was_computed_stays_as_it_was_until_it_is_computed_again(enrolled: Enrolled) -> None:
    sealed, computed = seal(enrolled.personas, 8), compute(enrolled.personas, 9)
    paper, html, open_paper = csv_of(sealed), page(enrolled, sealed), csv_of(computed)
    change_form()
    sealed.refresh_from_db()

    assert (csv_of(sealed), page(enrolled, sealed), sealed_digest(sealed)) == (paper, html, sealed.digest)
    assert csv_of(MonthlyReport.objects.get(month=9)) == open_paper
    assert csv_of(compute(enrolled.personas, 9))[1] == "新的表"
    assert [*find_broken_seals(), *find_wrong_sums()] == []


def test_a_sealed_month_is_corrected_in_the_columns_that_it_had(enrolled: Enrolled) -> None:
    seal(enrolled.personas, 8)
    change_form()
    check_in(enrolled, 8, programme_type="five_year")
    september = compute(enrolled.personas, 9)

    assert september.correction == {"months": [{"month": 8, "change": {"five_year": 1, "total": 1, "counted": 1}}]}
    assert "更正8月封存数：合计+1、五年一贯制人数+1、任务口径人数+1" in csv_of(september)
    assert "更正8月封存数：合计+1、五年一贯制人数+1、任务口径人数+1" in page(enrolled, september)


def test_a_form_without_a_column_of_technician_schools_counts_their_students_itself(enrolled: Enrolled) -> None:
    types = [column for column in CHANGED["columns"] if column[0] != "one_year"]
    set_rule("report.form", FORM_P | {"columns": types}, "层级=省级")
    row = compute(enrolled.personas, 9, form="PROVINCE").rows[0]

    assert (row["secondary"], row["three_plus_two"], row["total"]) == (7, 2, 9)


def test_a_city_reports_in_2026_on_the_form_of_the_last_notice(personas: Personas) -> None:
    """3+2 and 五年一贯制 end; the types that follow them have no column before the city has another form."""
    Season.objects.filter(pk=personas.season.pk).update(year=2026)
    personas.season.refresh_from_db()
    enrolled = Enrolled.lay(personas)
    for programme_type in ("three_year", "college_pathway", "college_pathway", "one_year"):
        programme = enrolled.programme(programme_type)
        admission = enrolled.admit(programme=programme, state="CHECKED_IN")
        Admission.objects.filter(pk=admission.pk).update(checked_in_at=datetime(2026, 8, 5, tzinfo=SHANGHAI))
    report = personas.ce.sign(reports.compute, unit=personas.county, form="CITY", year=2026, month=8)
    paper, html = csv_of(report), page(enrolled, report)

    assert paper[4] == "中等职业教育招生数*,总数,中专人数,3+2 人数,五年一贯制人数,一年制人数,招生任务完成率"
    assert paper[5] == "—,4,3,0,0,1,—"
    assert "郑教职成函〔2024〕432号" in html
    assert "“中专人数”包括表上没有单独一列的培养类型。" in html


def load(folder: Path, *rows: tuple[object, str, str]) -> list[tuple[str, str]]:
    """What is refused of a file with these forms of cities, each with its first and last day."""
    with (folder / "policy_rules.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["key", "value", "applies_to", "valid_from", "valid_to", "source", "clause", "sure"])
        for value, begins, ends in rows:
            text = json.dumps(value, ensure_ascii=False)
            out.writerow(["report.form", text, "层级=市级", begins, ends, "测试文件", "一", "原文"])
    with pytest.raises(BadRows) as refused:
        read_directory(folder)
    return [(fault.where, fault.what) for fault in refused.value.rows]


def test_a_faulty_form_is_refused_with_file_line_and_value(tmp_path: Path) -> None:
    columns = FORM_C["columns"]
    unknown = FORM_C | {"columns": [*columns, ["boarders", "住校人数"]]}
    doubled = FORM_C | {"columns": [*columns, ["total", "合计"]]}

    (first, what), (second, double) = load(tmp_path, (unknown, "2026-01-01", "2026-12-31"), (doubled, "2027-01-01", ""))

    assert (first, second) == ("policy_rules.csv 第 2 行·value", "policy_rules.csv 第 3 行·value")
    assert what.startswith("没有“boarders”这一列，应是target（招生任务数）、")
    assert double == "列“total”写了两次"


def test_forms_of_two_overlapping_spans_are_refused_and_one_that_replaces_another_is_not(tmp_path: Path) -> None:
    overlapping = load(tmp_path, (FORM_C, "2026-01-01", "2026-12-31"), (CHANGED, "2026-07-01", ""))

    assert overlapping == [("policy_rules.csv 第 3 行·applies_to", "与第 2 行在同一天适用于同一情形")]

    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        load(tmp_path, (FORM_C, "2026-01-01", ""), (CHANGED, "2026-07-01", ""))


def test_another_row_of_the_target_table_is_read_printed_and_edited(enrolled: Enrolled) -> None:
    columns = [["unit", "承担单位"], ["target", "任务（人）"], ["number", "次序"]]
    set_rule("report.target_form", FORM_T | {"title": "{year} 年{parent}任务表", "columns": columns})
    city = enrolled.personas.city
    table = render_csv(fill_targets(city, YEAR))
    lines = table.decode("utf-8-sig").splitlines()

    edited = (
        at_desk(enrolled.personas.me).get(f"/desk/targets/edit/?unit={city.public_id}&year={YEAR}").content.decode()
    )

    assert lines[:4] == ["附件 1", "2024 年甲市任务表", "承担单位,任务（人）,次序", "甲市,8,"]
    assert re.findall(r'<th[^>]*scope="col"[^>]*>([^<]*)<', edited) == ["次序", "承担单位", "任务（人）"]

    rows, total = read_target_file(table, "t.csv", city, YEAR)

    assert ([(row.unit, row.target) for row in rows], total) == ([("甲市一县", 8)], 8)

    with pytest.raises(BadRows) as refused:
        read_target_file(table.replace("甲市,8".encode(), "甲市,9".encode()), "t.csv", city, YEAR)

    assert {fault.where for fault in refused.value.rows} == {"第 5 行·任务（人）", "第 4 行·任务（人）"}


def test_a_plain_list_is_read_under_the_headings_of_the_table(enrolled: Enrolled) -> None:
    columns = [["unit", "承担单位"], ["target", "任务（人）"], ["number", "次序"]]
    set_rule("report.target_form", FORM_T | {"columns": columns})

    rows, total = read_target_file("no,unit,task\n1,甲市一县,8\n".encode(), "list.csv", enrolled.personas.city, YEAR)

    assert ([(row.position, row.unit, row.target) for row in rows], total) == ([(1, "甲市一县", 8)], 8)
