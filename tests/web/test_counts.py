"""One number for one thing: no two pages or files disagree, a number opens exactly its persons, and parts add up."""

import csv
import io
import re
from collections import defaultdict
from html import unescape
from urllib.parse import urljoin

import pytest
from django.db.models import F
from django.test import Client

from tests.support.builders.counted_season import CountedSeason
from tests.support.number_reader import Number, read_site
from tests.support.personas import Personas
from yangguang.actions.reporting import reports
from yangguang.models import MonthlyReport, Quota
from yangguang.rules.reporting.steps import Step

pytestmark = pytest.mark.django_db
STARTS = {
    "G": ("/", "/plans/"),
    "S": ("/me/",),
    "V": ("/school/",),
    "T": ("/school/",),
    "AU": ("/audit/",),
}
DESK = ("/desk/", "/desk/targets/", "/desk/progress/", "/desk/progress/?by=school", "/desk/progress/?by=programme_type")
PERSON = re.compile(r"\b\d{16}\b")
OPENS_PERSONS = {*Step, "expected", "absent", "to_complete", "to_confirm", "disputed"}
"""What a link must open as a list of exactly so many persons."""
Counts = dict[str, dict[str, list[Number]]]
"""By key, the texts and where each one stands."""


@pytest.fixture
def season(personas: Personas) -> CountedSeason:
    return CountedSeason.lay(personas)


def read_desk(season: CountedSeason, *roles: str) -> Counts:
    """The numbers that these roles read."""
    return read_counts({role: season.browsers[role] for role in roles})


def read_counts(browsers: dict[str, Client]) -> Counts:
    """Every number that these roles read."""
    counts: Counts = defaultdict(lambda: defaultdict(list))
    for role, browser in browsers.items():
        for _, numbers in read_site(browser, STARTS.get(role, DESK)):
            for number in numbers:
                counts[number.key][number.text].append(number)
    return counts


def count_rows(browser: Client, url: str) -> int:
    """How many rows with a person a list has, over all its pages."""
    html = browser.get(url).content.decode()
    rows = sum(PERSON.search(row) is not None for row in re.findall(r"<tr.*?</tr>", html, re.S))
    following = re.search(r'rel="next" href="([^"]*)"', html)
    return rows + (count_rows(browser, urljoin(url, unescape(following[1]))) if following else 0)


def value(counts: Counts, key: str) -> int:
    (text,) = counts[key]
    return int(text.replace(",", ""))


def test_no_two_numbers_on_any_page_of_any_role_disagree(season: CountedSeason) -> None:
    counts = read_counts(season.browsers)
    disagreeing = {
        key: {text: numbers[0].page for text, numbers in texts.items()}
        for key, texts in counts.items()
        if len(texts) > 1
    }

    assert disagreeing == {}
    # The comparison includes what matters: each of these stands on more than one page.
    on_pages = {key: {one.page for numbers in texts.values() for one in numbers} for key, texts in counts.items()}
    many = {tuple(key.split(":")[1:3]) for key, pages in on_pages.items() if len(pages) > 1}
    expected = [
        ("registered", "home"),
        ("checked_in", "school"),
        ("counted", "target"),
        ("rate", "target"),
        ("seats", "open"),
        ("free", "open"),
    ]

    assert [one for one in expected if one not in many] == []


def test_every_number_with_a_link_opens_exactly_its_persons(season: CountedSeason) -> None:
    wrong, followed = [], set()
    for role, browser in season.browsers.items():
        for _, numbers in read_site(browser, STARTS.get(role, DESK)):
            for number in numbers:
                step = number.key.split(":")[1]
                if step not in OPENS_PERSONS or not number.url or (role, number.url, number.text) in followed:
                    continue
                followed.add((role, number.url, number.text))
                persons = count_rows(browser, number.url)
                if persons != int(number.text.replace(",", "")):
                    wrong.append((role, number.page, number.key, number.text, persons, number.url))

    assert wrong == []
    assert len(followed) > 100
    assert {role for role, *_ in followed} >= {"V", "T", "CE", "CH", "ME", "MH", "PE", "PH"}


def test_the_parts_of_every_table_add_up_to_its_total(season: CountedSeason) -> None:
    counts, personas = read_desk(season, "PE"), season.personas
    period = f"{personas.season.year}-{personas.season.term}"
    for step in (Step.ADMITTED, Step.CHECKED_IN, Step.COUNTED, Step.RECORDED):
        whole = value(counts, f"{period}:{step}:school:{personas.province.code}:*:*")
        of = re.compile(rf"{period}:{step}:school:{personas.province.code}:(\w+):\*|")
        types = [key for key in counts if (match := of.fullmatch(key)) and match[1]]
        sectors = [f"{period}:{step}:school:{personas.province.code}:*:{one}" for one in ("education", "labour")]
        schools = [
            f"{period}:{step}:school:{code}:*:*" for code in (personas.school.code, season.technician.code, "乙市学校")
        ]
        assert len(types) == 3
        for parts in (types, sectors, schools):
            assert sum(value(counts, key) for key in parts) == whole, (step, parts)


def test_the_counted_are_the_checked_in_less_the_quarantined(season: CountedSeason) -> None:
    counts, personas = read_desk(season, "PE"), season.personas
    key = f"{personas.season.year}-{personas.season.term}:{{}}:school:{personas.province.code}:*:*"

    checked_in, counted = (value(counts, key.format(step)) for step in ("checked_in", "counted"))

    assert checked_in - counted == 3


def test_a_form_has_the_numbers_of_the_pages(season: CountedSeason) -> None:
    personas = season.personas
    counts, year = read_desk(season, "CE"), personas.season.year
    MonthlyReport.objects.all().delete()
    personas.ce.sign(reports.compute, unit=personas.county, form="CITY", year=year, month=8)
    report = MonthlyReport.objects.get()
    csv_file = season.browsers["CE"].get(f"/desk/reports/{report.public_id}/file.csv").content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(csv_file)))
    row = lines[next(at for at, line in enumerate(lines) if "总数" in line) + 1]
    key = f"{year}:{{}}:target:{personas.county.code}:*:education"

    assert row[0] == next(iter(counts[key.format("target")]))
    assert row[-1] == next(iter(counts[key.format("rate")]))
    assert report.rows[0]["counted"] == value(counts, key.format("counted"))


def test_open_data_has_the_numbers_of_the_pages(season: CountedSeason) -> None:
    counts, personas = read_desk(season, "G"), season.personas
    period, guest = f"{personas.season.year}-{personas.season.term}", season.browsers["G"]
    for name in ("schools", "plans"):
        rows = guest.get(f"/open-data/{name}.json").json()["rows"]
        assert rows
        for row in rows:
            for step, column in (("seats", "seats"), ("free", "left")):
                key = f"{period}:{step}:open:{row['code']}:*:*"
                assert value(counts, key) == row[column], (name, key)
        open_quotas = Quota.objects.exclude(code="dedicated").filter(taken__gt=0).annotate(used=F("taken"))
        assert sum(row["seats"] - row["left"] for row in rows) == sum(quota.used for quota in open_quotas)
