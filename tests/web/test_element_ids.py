"""One id, one element: a page with several forms labels every field of each. (WCAG 1.3.1; axe rule label)"""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from django.test import Client

from tests.support.builders.officers import at_desk
from tests.support.builders.public_season import PublicSeason
from yangguang.models import StudentRecord

pytestmark = pytest.mark.django_db
SCHOOL = (
    "plan/",
    "own-tests/",
    "applicants/",
    "admissions/people/",
    "check-in/",
    "check-in/?tab=came",
    "records/",
    "releases/",
)
DESK = (
    "",
    "plans/",
    "targets/",
    "progress/",
    "progress/people/",
    "reports/",
    "rounds/",
    "people/",
    "imports/",
    "disputes/",
    "windows/",
)
PUBLIC = ("/", "/plans/", "/schools/", "/result/", "/notices/", "/open-data/", "/login/", "/login/staff/")


def doubled(browser: Client, url: str) -> tuple[int, dict[str, int]]:
    answer = browser.get(url, follow=True)
    ids = Counter(re.findall(r'<[^>]*?\sid="([^"]*)"', answer.content.decode()))
    return answer.status_code, {one: times for one, times in ids.items() if times > 1}


def pages(public_season: PublicSeason) -> Iterator[tuple[Client, str]]:
    school, desk = at_desk(public_season.personas.teacher), at_desk(public_season.personas.me)
    yield from ((school, f"/school/{tail}") for tail in SCHOOL)
    yield from ((desk, f"/desk/{tail}") for tail in DESK)
    yield from ((public_season.client, url) for url in PUBLIC)


def test_no_page_with_forms_names_two_elements_alike(public_season: PublicSeason) -> None:
    found = {url: doubled(browser, url) for browser, url in pages(public_season)}

    assert {url: twice for url, (_, twice) in found.items() if twice} == {}
    assert sum(status == 200 for status, _ in found.values()) > len(found) * 2 // 3, found


def test_every_field_of_the_records_page_has_its_own_label(public_season: PublicSeason) -> None:
    admission = public_season.enrolled.admit("某甲", state="CHECKED_IN")
    StudentRecord.objects.create(
        person=admission.person,
        admission=admission,
        school=public_season.personas.school,
        number="2024X00001",
        major="护理",
        programme_type="three_year",
        entered_on="2024-09-01",
    )
    browser = at_desk(public_season.personas.teacher)
    page = browser.get("/school/records/").content.decode()

    assert "看分班方案" in page
    assert doubled(browser, "/school/records/") == (200, {})
    ids = re.findall(r'<(?:input|select)[^>]*?\sid="([^"]*)"', page)

    assert len(ids) == 5
    assert set(ids) == set(re.findall(r'<label[^>]*?\sfor="([^"]*)"', page))
