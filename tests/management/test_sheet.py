"""`sheet` writes the forms as files, sealed or as they stand."""

import csv
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command, load_command_class
from openpyxl import load_workbook

from tests.support.builders.enrolment import Enrolled
from tests.support.builders.forms import FORM_C
from tests.support.builders.policy import set_rule
from tests.support.personas import Personas
from yangguang import clock
from yangguang.actions.reporting import reports
from yangguang.models import MonthlyReport, Target
from yangguang.rules.seasons.windows import SHANGHAI

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolled(personas: Personas) -> Enrolled:
    set_rule("report.months", list(range(1, 13)))
    set_rule("count.target_types", ["three_year", "three_plus_two"], "主管线=教育；地区=甲市")
    for number, (label, share) in enumerate((("甲市一县", 3), ("其他学校", 1)), 1):
        Target.objects.create(
            year=personas.season.year,
            sector="education",
            parent=personas.city,
            label=label,
            position=number,
            number=share,
            unit=personas.county if number == 1 else None,
        )
    enrolled = Enrolled.lay(personas)
    for programme_type in ("three_year", "three_plus_two", "one_year"):
        enrolled.admit(programme=enrolled.programme(programme_type), state="CHECKED_IN")
    return enrolled


def month() -> tuple[int, int]:
    today = clock.now().astimezone(SHANGHAI)
    return today.year, today.month


def write(kind: str, out: Path, unit: str, **more: object) -> None:
    call_command("sheet", kind, unit=unit, out=out, stderr=io.StringIO(), **more)


def table(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))


def under_head(path: Path) -> list[str]:
    """The one row of a monthly form."""
    lines = table(path)
    return lines[next(at for at, line in enumerate(lines) if "总数" in line) + 1]


def test_form_c_counts_what_stands_in_the_database(enrolled: Enrolled, tmp_path: Path) -> None:
    write("monthly-city", tmp_path / "c.csv", "甲市一县", month=month())

    assert under_head(tmp_path / "c.csv") == ["3", "3", "1", "1", "0", "1", "66.67%"]

    write("monthly-province", tmp_path / "p.csv", "甲市", month=month())

    assert under_head(tmp_path / "p.csv") == ["4", "3", "3", "", "50.00%"]


def test_an_unsealed_form_says_so_and_a_sealed_one_bears_its_check_code(enrolled: Enrolled, tmp_path: Path) -> None:
    personas, (year, number) = enrolled.personas, month()
    write("monthly-city", tmp_path / "open.html", "甲市一县", month=(year, number))

    assert "本表尚未封存" in (tmp_path / "open.html").read_text()
    assert MonthlyReport.objects.count() == 0

    set_rule("report.months", [number])
    report = personas.ce.sign(reports.compute, unit=personas.county, form="CITY", year=year, month=number)
    personas.ce.sign(reports.review, report=report)
    sealed = personas.ce.sign(reports.seal, report=report)
    enrolled.admit(state="CHECKED_IN")
    write("monthly-city", tmp_path / "sealed.xlsx", "甲市一县", month=(year, number))
    cells = [cell.value for row in load_workbook(tmp_path / "sealed.xlsx").active for cell in row if cell.value]

    assert f"校验码：{sealed.digest}" in [str(cell).replace(" ", "") for cell in cells]
    assert cells.count(3) == 2


def test_a_correction_is_printed_under_the_next_form(enrolled: Enrolled, tmp_path: Path) -> None:
    year, number = month()
    MonthlyReport.objects.create(
        form="CITY",
        unit=enrolled.personas.county,
        sector="education",
        year=year,
        month=number,
        counted_to=clock.now(),
        shape=FORM_C,
        shape_source="测试文件",
        rows=[
            {
                "target": None,
                "secondary": 1,
                "three_plus_two": 0,
                "five_year": 0,
                "one_year": 0,
                "total": 1,
                "counted": 1,
                "completion": "—",
                "held_back": 2,
            }
        ],
        correction={"months": [{"month": 8, "change": {"one_year": 1, "total": 1, "counted": -2}}]},
    )
    write("monthly-city", tmp_path / "c.html", "甲市一县", month=(year, number))
    write("monthly-city", tmp_path / "c.csv", "甲市一县", month=(year, number))

    assert ["更正8月封存数：总数+1、一年制人数+1、任务口径人数-2"] in table(tmp_path / "c.csv")

    text = (tmp_path / "c.html").read_text()

    assert "更正8月封存数：总数+1、一年制人数+1、任务口径人数-2" in text
    assert "另有 2 人正在重复学籍查验，未计入。" in text


def test_form_t_lists_what_was_handed_down(enrolled: Enrolled, tmp_path: Path) -> None:
    write("targets", tmp_path / "t.csv", "甲市", year=enrolled.personas.season.year)

    assert table(tmp_path / "t.csv")[3:6] == [["", "甲市", "4"], ["1", "甲市一县", "3"], ["2", "其他学校", "1"]]


def test_an_unknown_unit_and_a_month_to_come_are_refused_in_a_sentence(enrolled: Enrolled, tmp_path: Path) -> None:
    for unit, chosen, sentence, code in (
        ("乌有县", month(), "没有名为“乌有县”的单位", 2),
        ("甲市", (2098, 1), "这个月还没有到", 1),
    ):
        with pytest.raises(CommandError, match=sentence) as refusal:
            write("monthly-city", tmp_path / "x.csv", unit, month=chosen)
        assert refusal.value.returncode == code

    assert list(tmp_path.iterdir()) == []


def test_where_nothing_was_handed_down_no_form_says_zero(enrolled: Enrolled, tmp_path: Path) -> None:
    for unit, year, sentence in (
        ("甲市", 1800, "甲市1800年没有任务分解。没有任务数不等于任务数是 0"),
        ("乙市", enrolled.personas.season.year, "没有任务分解。"),
        ("甲市一县", enrolled.personas.season.year, "没有任务分解（上级下达 3 人）"),
    ):
        with pytest.raises(CommandError, match=sentence) as refusal:
            write("targets", tmp_path / "x.csv", unit, year=year)
        assert refusal.value.returncode == 1
    for kind, unit, chosen in (("monthly-city", "乙市", month()), ("monthly-province", "甲市", (2023, 7))):
        with pytest.raises(CommandError, match="没有任务数，也没有报到的学生") as refusal:
            write(kind, tmp_path / "x.csv", unit, month=chosen)
        assert refusal.value.returncode == 1

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["csv", "html", "xlsx"])
def test_persons_without_a_target_stand_beside_a_dash(enrolled: Enrolled, tmp_path: Path, kind: str) -> None:
    Target.objects.all().delete()
    write("monthly-city", tmp_path / f"c.{kind}", "甲市一县", month=month())
    if kind == "csv":
        assert under_head(tmp_path / "c.csv") == ["—", "3", "1", "1", "0", "1", "—"]
    elif kind == "html":
        assert (tmp_path / "c.html").read_text().count(">—</td>") == 2
    else:
        cells = [cell.value for row in load_workbook(tmp_path / "c.xlsx").active for cell in row]
        assert cells.count("—") == 2


@pytest.mark.parametrize("wrong", [["--month", "2024-13"], ["--out", "x.pdf"]])
def test_bad_arguments_end_with_exit_code_2(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    command = load_command_class("yangguang", "sheet")
    command._called_from_command_line = True
    arguments = ["monthly-city", "--unit", "甲市", "--out", "x.csv", *wrong]
    with pytest.raises(SystemExit) as leaving:
        command.create_parser("yangguang", "sheet").parse_args(arguments)

    assert leaving.value.code == 2
    assert wrong[0] in capsys.readouterr().err
