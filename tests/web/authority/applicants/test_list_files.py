"""中招成绩, 外部名单 and 查重 on the screens: a file is checked whole, then loaded by whom the rights say."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from openpyxl import load_workbook
from procrastinate.contrib.django import app

from tests.support.builders.enrolment import Enrolled, id_number
from tests.support.builders.officers import at_desk, page_of, seen, signed
from tests.support.builders.web_season import Desk
from tests.support.personas import Personas, officer, personas, unit
from yangguang import clock
from yangguang.jobs.tasks import check_duplicates
from yangguang.models import Application, ExamResult, IdentityCase, ListFile, OutsideEnrolment, Person, Round
from yangguang.models.base.fields import blind
from yangguang.rules.accounts.roles import Role

__all__ = ["personas"]
pytestmark = pytest.mark.django_db
SCORES, OUTSIDE, CASES = "/desk/scores/", "/desk/outside/", "/desk/cases/"
HEAD = "身份证号,总分,语文,数学,英语,区县"


def upload(client: Client, url: str, *lines: str, **more: object) -> HttpResponse:
    file = SimpleUploadedFile("list.csv", "\r\n".join(lines).encode())
    return client.post(url, {"year": clock.now().year, "profile": url.strip("/").split("/")[1], "file": file, **more})


@pytest.fixture
def family(personas: Personas) -> Desk:
    """A child who is registered; its number is `id_number(7)`."""
    return Desk.lay(personas)


def test_scores_are_checked_by_one_and_loaded_by_two_officers(personas: Personas, family: Desk) -> None:
    first, second = at_desk(personas.pe1), at_desk(personas.pe2)
    checked = upload(first, SCORES, HEAD, f"{id_number(7)},600,110,100,90,", f"{id_number(8)},500,90,90,90,")
    address = checked.headers["Location"]

    assert "行数 2 新的人 2 成绩有变的人 0 已在本平台登记的人 1" in page_of(second, address)
    assert ExamResult.objects.count() == 0
    assert signed(first, f"{address}load/").status_code == 202
    assert signed(second, f"{address}load/").status_code == 302
    assert sorted(ExamResult.objects.values_list("scores", flat=True)) == [[500, 90, 90, 90], [600, 110, 100, 90]]
    assert Application.objects.get(pk=family.application.pk).scores == [600, 110, 100, 90]
    assert "已导入" in page_of(first, SCORES)


def test_scores_checked_before_other_scores_were_loaded_do_not_set_them_back(personas: Personas) -> None:
    first, second = at_desk(personas.pe1), at_desk(personas.pe2)
    older = upload(first, SCORES, HEAD, f"{id_number(7)},500,100,100,90,").headers["Location"]
    newer = upload(first, SCORES, HEAD, f"{id_number(7)},600,110,100,90,").headers["Location"]
    signed(first, f"{newer}load/")
    signed(second, f"{newer}load/")
    answer = first.post(f"{older}load/")

    assert answer.status_code == 409
    assert "这个文件核对之后，又导入了另一份成绩" in seen(answer)
    assert ExamResult.objects.get().scores == [600, 110, 100, 90]


def test_a_file_with_faults_is_not_stored_and_every_fault_is_named(personas: Personas) -> None:
    lines = [f"{id_number(7)},600,110,100,90,", "123,600,110,100,90,", f"{id_number(7)},2000,x,100,90,"]

    answer = upload(at_desk(personas.pe1), SCORES, HEAD, *lines)

    assert answer.status_code == 422
    for sentence in ("文件中有 4 处错误", "第 3 行·身份证号", "与第 2 行是同一个证件号码", "2000 不在 0 到 1000 之间"):
        assert sentence in seen(answer)
    assert ListFile.objects.count() == 0


@pytest.mark.parametrize(
    ("url", "head", "line"),
    [
        (SCORES, "证件号码,总分,语文,数学,英语", "123,1,1,1,1"),
        (OUTSIDE, "证件号码,姓名,学校", "123,张三,某校"),
    ],
)
def test_a_refused_file_is_named_and_given_back_with_its_faults_marked(
    personas: Personas, url: str, head: str, line: str
) -> None:
    province = at_desk(personas.pe1)

    answer = upload(province, url, head, line, register="high_school")

    assert "刚才上传的是“list.csv”" in seen(answer)
    assert 'href="?errors=xlsx"' in answer.content.decode()
    page = load_workbook(io.BytesIO(province.get(f"{url}?errors=xlsx").content)).worksheets[0]
    assert page["A2"].fill.fgColor.rgb == "FFFFC7CE"


@pytest.mark.parametrize("area", ["甲市一县", "甲 市一县　", "甲市\n一县", "\u2068甲市一县\u2069"])
def test_the_county_of_a_row_is_known_in_any_spelling(personas: Personas, area: str) -> None:
    answer = upload(at_desk(personas.me), SCORES, HEAD, f'{id_number(7)},600,110,100,90,"{area}"')

    assert answer.status_code == 302


def test_a_city_checks_scores_of_its_own_students_only(personas: Personas) -> None:
    unit("乙市一县", "COUNTY", personas.other_city)
    city = at_desk(personas.me)

    other = upload(city, SCORES, HEAD, f"{id_number(7)},600,110,100,90,乙市一县")
    own = upload(city, SCORES, HEAD, f"{id_number(7)},600,110,100,90,甲市一县")

    assert "第2行：看不出这名学生属于您的辖区" in seen(other).replace(" ", "")
    assert own.status_code == 302
    other_city = at_desk(officer("me2", Role.CITY_EDUCATION, personas.other_city))
    assert other_city.get(own.headers["Location"]).status_code == 404


def test_the_template_is_read_back_once_it_is_filled_in(personas: Personas) -> None:
    for url, code in ((SCORES, "scores"), (OUTSIDE, "outside")):
        answer = at_desk(personas.pe1).get(f"{url}templates/{code}.xlsx")

        assert answer.status_code == 200
        assert answer.content[:2] == b"PK"


def test_an_outside_list_is_checked_and_loaded_by_the_province_with_its_key(personas: Personas, family: Desk) -> None:
    province, line = at_desk(personas.pe1), f"{id_number(7)},某某某,演示高中"
    checked = upload(province, OUTSIDE, "身份证号,姓名,学校", line, register="high_school")
    address = checked.headers["Location"]

    assert "已在本平台登记的人 1" in page_of(province, address)
    assert OutsideEnrolment.objects.count() == 0
    assert signed(province, f"{address}load/").status_code == 302
    assert OutsideEnrolment.objects.get().register == "high_school"
    again = upload(province, OUTSIDE, "身份证号,姓名,学校", line, register="high_school")
    assert "这份名单已经导入过" in seen(again)


@pytest.mark.parametrize(("url", "head"), [(SCORES, HEAD), (OUTSIDE, "身份证号,姓名,学校")])
def test_a_file_of_another_year_is_named_by_its_title(personas: Personas, url: str, head: str) -> None:
    year = clock.now().year

    answer = upload(at_desk(personas.pe1), url, f"{year - 1} 年名单", head, id_number(7), register="high_school")

    assert f"表格的标题写的是{year - 1}年，这里办理的是{year}年" in seen(answer)


def test_a_second_list_that_names_another_school_shows_whom_it_does_not_change(personas: Personas) -> None:
    province, season = at_desk(personas.pe1), personas.season
    OutsideEnrolment.objects.create(
        id_hash=blind(id_number(7)), intake_year=season.year, register="high_school", school="某高中", name="某某某"
    )
    lines = [f"{id_number(7)},某某某,另一高中", f"{id_number(8)},某某某,某高中"]

    checked = upload(province, OUTSIDE, "身份证号,姓名,学校", *lines, register="high_school", year=season.year)

    page = page_of(province, checked.headers["Location"])
    assert "新的人 1 先前的名单写了另一学校或姓名的人 1" in page
    assert "仍按先前的名单" in page


def test_a_fault_that_the_register_finds_is_of_the_row_of_the_file(personas: Personas) -> None:
    line = f"{id_number(7)},某某某,{'长' * 61}"

    answer = upload(at_desk(personas.pe1), OUTSIDE, "名单", "", "身份证号,姓名,学校", line, register="high_school")

    assert "第4行：写了61个字，最多60个字" in seen(answer).replace(" ", "")


def test_a_city_has_no_page_of_outside_lists(personas: Personas) -> None:
    assert at_desk(personas.me).get(OUTSIDE).status_code == 403


@pytest.fixture
def listed(personas: Personas) -> Person:
    """A person who holds a seat here and is in the list of the high schools."""
    round = Round.objects.create(season=personas.season, number=1, name="第一批", kind="ranked", programme_types=[])
    enrolled = Enrolled(personas, round)
    enrolled.programme()
    person: Person = enrolled.admit("某小满", state="ACCEPTED").person
    OutsideEnrolment.objects.create(
        id_hash=person.id_hash, intake_year=personas.season.year, register="high_school", school="某高中", name="某"
    )
    return person


def test_the_province_starts_the_duplicate_check(personas: Personas, listed: Person) -> None:
    province = at_desk(personas.pe1)

    assert "开始查重" in page_of(province, CASES)
    assert "开始查重" not in page_of(at_desk(personas.me), CASES)
    assert signed(province, f"{CASES}check/").headers["Location"] == CASES
    assert IdentityCase.objects.get().person == listed


def test_every_night_the_duplicate_check_comes_before_the_records(listed: Person) -> None:
    app.perform_import_paths()
    hours = {task.task.name: task.cron.split() for task in app.periodic_registry.periodic_tasks.values()}
    minute, hour, *days = hours["check_duplicates"]
    later_minute, later_hour, *later_days = hours["make_due_records"]

    assert (int(hour), int(minute)) < (int(later_hour), int(later_minute))
    assert days == later_days == ["*"] * 3
    assert (check_duplicates(0), check_duplicates(0)) == (1, 0)
    assert IdentityCase.objects.get().person == listed
