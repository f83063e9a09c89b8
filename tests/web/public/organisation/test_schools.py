"""The school directory and the page of a school."""

import base64
import re

import pytest
import segno
from django.conf import settings
from django.core.cache import cache
from django.utils.html import escape

from tests.support.builders.officers import seen
from tests.support.builders.public_season import PublicSeason
from tests.support.personas import unit
from yangguang.models import Programme, Quota

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", [b"[" * 5000, b'["name","\\ud800","x"]', b'["name","x","\\ud800"]'])
def test_a_page_key_somebody_typed_begins_the_directory_at_the_beginning(
    public_season: PublicSeason, typed: bytes
) -> None:
    after = base64.urlsafe_b64encode(typed).decode()
    assert "甲市第一职业学校" in public_season.text("/schools/", {"after": after})


@pytest.mark.parametrize("typed", ["甲市第一", "jsdyzyxx", "JSDY", "zhiye", "ｊｓｄｙ", " 第一 职业 "])
def test_a_school_is_found_by_name_pinyin_and_initials(public_season: PublicSeason, typed: str) -> None:
    other = public_season.school("乙市农校")
    page = public_season.text("/schools/", {"text": typed})

    assert ("甲市第一职业学校" in page, other.name in page) == (True, False)


def test_schools_are_found_by_area_and_kind(public_season: PublicSeason) -> None:
    public_season.school("乙市农校")

    assert "甲市第一职业学校" not in public_season.text("/schools/", {"area": public_season.personas.other_city.code})
    assert "乙市农校" in public_season.text(
        "/schools/", {"area": public_season.personas.other_city.code, "kind": "职业高中"}
    )
    assert "没有符合条件的学校" in public_season.text("/schools/", {"kind": "技师学院"})


def test_the_map_counts_what_the_table_counts(public_season: PublicSeason) -> None:
    public_season.school("乙市农校")
    public_season.school("乙市工校")

    page = public_season.get("/schools/").content.decode()
    tiles = page.split('class="tiles"')[1].split("</ul>")[0]
    table = page.split("各地招生学校数")[1].split("</table>")[0]
    row = r'<th scope="row">(?:<a [^>]*>)?([^<]+)(?:</a>)?</th>\s*<td class="num">(\d+)</td>'
    numbers = dict(re.findall(row, table))

    assert numbers == {"甲市": "1", "乙市": "2", "省属学校": "0", "合计": "3"}
    assert [tiles.count(f'tile-number">{numbers[city]}<') for city in ("甲市", "乙市")] == [1, 1]


def test_a_school_outside_of_the_list_is_neither_listed_nor_displayed(public_season: PublicSeason) -> None:
    stranger = unit("没有资质的学校", "SCHOOL", public_season.personas.county, sector="education")
    pupil = unit("某初中", "JUNIOR", public_season.personas.county)

    assert "没有资质的学校" not in public_season.text("/schools/")
    for hidden in (stranger, pupil):
        answer = public_season.get(f"/schools/{hidden.public_id}/")
        assert answer.status_code == 404
        assert "招生学校名录中" in seen(answer)


def test_the_warning_stands_where_a_family_looks_for_a_school(public_season: PublicSeason) -> None:
    """Also beside the choices and the answer: `tests/web/student/choices`, `tests/web/student/admissions`."""
    public_season.warns(public_season.personas.school, "虚假宣传，责令改正")
    compare = f"/plans/compare/?programme={Programme.objects.get().public_id}"
    pages = ["/", f"/schools/{public_season.personas.school.public_id}/", "/plans/", compare]

    assert [url for url in pages if "虚假宣传，责令改正" not in public_season.text(url)] == []
    assert "警示标注" in public_season.text("/schools/")


def test_the_school_page_says_the_seats_that_are_left_now(public_season: PublicSeason) -> None:
    url = f"/schools/{public_season.personas.school.public_id}/"

    assert "剩余名额 50" in public_season.text(url)
    Quota.objects.update(taken=8)
    cache.clear()
    page = public_season.get(url)

    assert "剩余名额 42" in seen(page)
    assert "测试名录" in seen(page)


def test_the_qr_code_of_a_school_is_its_address_and_nothing_else(public_season: PublicSeason) -> None:
    """Compared with the code of the same address: no library here reads a picture."""
    url = f"/schools/{public_season.personas.school.public_id}/"
    address = settings.PUBLIC_URL.rstrip("/") + url

    page = public_season.get(url).content.decode()

    assert address in page
    assert re.findall(r'src="(data:image/svg\+xml[^"]*)"', page) == [
        escape(segno.make(address, error="m").svg_data_uri(scale=4, border=2))
    ]
