"""公布名录 on the screens: a list from a file or typed, compared with the published ones, published by two people."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.support.builders.officers import at_desk, page_of, seen, signed
from tests.support.builders.plans import qualify
from tests.support.builders.policy import set_rule
from tests.support.personas import Personas, personas, unit
from yangguang import clock
from yangguang.models import AuditEntry, Qualification, Unit

__all__ = ["personas"]
pytestmark = pytest.mark.django_db
URL, LISTS = "/desk/schools/publish/", "/desk/schools/"
BASIS = "教办职成〔2024〕114号"


@pytest.fixture
def schools(personas: Personas) -> list[Unit]:
    Unit.objects.filter(pk=personas.school.pk).update(code="S1")
    return [
        Unit.objects.get(pk=personas.school.pk),
        unit("甲市实验(东区)学校", "SCHOOL", personas.city, sector="education"),
        unit("乙市中专", "SCHOOL", personas.other_city, sector="education"),
    ]


@pytest.fixture
def first(personas: Personas, schools: list[Unit]) -> Client:
    return at_desk(personas.pe1)


def sent(**more: object) -> dict[str, object]:
    return {"year": clock.now().year, "basis": BASIS, **more}


def test_two_people_publish_one_list_one_from_a_file_and_one_typed(
    personas: Personas, schools: list[Unit], first: Client
) -> None:
    lines = ["学校名称,学校代码", "甲市实验（东区）学校,", f"{schools[0].name},{schools[0].code}"]
    file = SimpleUploadedFile("list.csv", "\r\n".join(lines).encode())
    proposed = signed(first, URL, sent(file=file))

    assert proposed.status_code == 202
    assert Qualification.objects.count() == 0
    done = signed(at_desk(personas.pe2), URL, sent(pasted=f"{schools[1].name}\n{schools[0].code} {schools[0].name}"))

    assert (done.status_code, done.headers["Location"]) == (302, LISTS)
    year = clock.now().year
    assert set(Qualification.objects.values_list("unit", "year", "basis", "as_of")) == {
        (school.pk, year, BASIS, date(year - 1, 12, 31)) for school in schools[:2]
    }
    assert AuditEntry.objects.filter(action="qualification.publish", outcome="DONE").count() == 2


def test_the_day_of_the_list_is_that_of_the_rule_row_on_every_page(
    personas: Personas, schools: list[Unit], first: Client
) -> None:
    set_rule("school.qualified_as_of", "11-30")
    year = clock.now().year

    assert "11月30日" in page_of(first, URL)
    preview = seen(first.post(URL, sent(pasted=schools[0].name)))
    signed(first, URL, sent(pasted=schools[0].name))
    signed(at_desk(personas.pe2), URL, sent(pasted=schools[0].name))

    assert f"以{year - 1}年11月30日具有招生资格的学校为准" in preview
    assert f"基准日{year - 1}年11月30日。依据：{BASIS}" in page_of(Client(), "/schools/")
    assert f"{year - 1}年11月30日" in page_of(first, LISTS)


def test_the_preview_names_what_is_new_what_remains_and_what_is_missing(schools: list[Unit], first: Client) -> None:
    now = clock.now()
    for school, year in ((schools[0], now.year), (schools[2], now.year - 1)):
        qualify(school, year)

    preview = seen(first.post(URL, sent(pasted=f"{schools[0].name}\n{schools[1].name}")))

    assert "新列入 1 所 已在名录中 1 所，不变 上一年有、这次没有 1 所" in preview
    assert f"上一年有、这次没有的学校 {schools[2].name}" in preview


@pytest.mark.parametrize(
    ("pasted", "sentence"),
    [
        ("没有这所学校", "第 1 行 ：本主管线没有这所学校：没有这所学校"),
        ("甲市第一职业学校\n甲市第一职业学校", "第 2 行 ：甲市第一职业学校在名单中出现不止一次"),
        ("X9 甲市第一职业学校", "第 1 行 ：代码“X9”不是“甲市第一职业学校”的代码"),
        ("甲市技工学校", "第 1 行 ：本主管线没有这所学校：甲市技工学校"),
        ("", "请上传一个文件，或者在下面填写"),
    ],
)
def test_a_row_that_names_no_school_is_refused_by_its_number(
    personas: Personas, first: Client, pasted: str, sentence: str
) -> None:
    unit("甲市技工学校", "SCHOOL", personas.city, sector="labour")

    answer = first.post(URL, sent(pasted=pasted))

    assert answer.status_code == 422
    assert sentence in seen(answer)


def test_of_two_schools_of_one_name_the_code_decides(personas: Personas) -> None:
    twin = unit("乙市中专", "SCHOOL", personas.city, sector="education")
    Unit.objects.filter(pk=twin.pk).update(code="S9")
    unit("乙市中专", "SCHOOL", personas.other_city, sector="education")
    first = at_desk(personas.pe1)

    both = first.post(URL, sent(pasted="乙市中专"))
    one = first.post(URL, sent(pasted="S9 乙市中专"))

    assert "有2所学校叫“乙市中专”（代码S9、乙市中专），请写明学校代码" in seen(both)
    assert f"S9 {twin.name}" in seen(one)


def test_a_list_that_adds_no_school_is_refused_before_the_key(schools: list[Unit], first: Client) -> None:
    qualify(schools[0], clock.now().year)

    answer = first.post(URL, sent(pasted=schools[0].name))

    assert answer.status_code == 422
    assert "这些学校都已经在" in seen(answer)


def test_the_front_page_asks_for_the_list_until_it_is_published(schools: list[Unit], first: Client) -> None:
    before = page_of(first, "/desk/")
    qualify(schools[0], clock.now().year)

    after = page_of(first, "/desk/")

    assert "名录待公布：1 件 公布以前学校不能编报计划" in before
    assert re.search("没有待办：.*年名录待公布", after)
    assert "公布以前学校不能编报计划" not in after
