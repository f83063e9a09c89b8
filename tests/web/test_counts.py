"""One number for one thing: no two pages or files disagree, a number opens exactly its persons, and parts add up.

Every page that an address without parameters or a link reaches is read, and every sheet says what each of its numbers
counts: a new page with `data-count` and a new sheet are compared, or a test fails.
"""

import csv
import io
import pkgutil
import re
from collections import defaultdict
from html import unescape
from importlib import import_module
from urllib.parse import urljoin

import pytest
from django.db.models import F
from django.test import Client, override_settings
from django.urls import get_resolver

from tests.support import one_more_page
from tests.support.builders.counted_season import CountedSeason
from tests.support.builders.forms import FORM_C_SHEET, FORM_P_SHEET, FORM_T_SHEET
from tests.support.builders.policy import set_rule
from tests.support.number_reader import Number, read_site
from tests.support.personas import Personas, officer
from yangguang import clock, sheets
from yangguang.actions.reporting import reports
from yangguang.checks import routes
from yangguang.models import MonthlyReport, Quota
from yangguang.rules.accounts.roles import Role
from yangguang.rules.reporting.steps import Step
from yangguang.rules.seasons.windows import SHANGHAI
from yangguang.sheets import Sheet
from yangguang.sheets.monthly import fill_targets
from yangguang.sheets.sheet import ColKind
from yangguang.simulation import summary

pytestmark = pytest.mark.django_db
DESK = ("/desk/progress/?by=school", "/desk/progress/?by=programme_type")
APART = re.compile("<|logout|elder")
"""Addresses with a row in them are reached by links; the others end a session or change how pages look."""
PERSON = re.compile(r"\b\d{16}\b")
OPENS_PERSONS = {*Step, "expected", "absent", "to_complete", "to_confirm", "disputed"}
"""What a link must open as a list of exactly so many persons."""
COUNTED = {
    ("schools", "seats"): "test_open_data_has_the_numbers_of_the_pages",
    ("schools", "left"): "test_open_data_has_the_numbers_of_the_pages",
    ("plans", "seats"): "test_open_data_has_the_numbers_of_the_pages",
    ("plans", "left"): "test_open_data_has_the_numbers_of_the_pages",
    ("form_c", "target"): "test_a_form_has_the_numbers_of_the_pages",
    ("form_c", "total"): "test_a_form_has_the_numbers_of_the_pages",
    ("form_c", "completion"): "test_a_form_has_the_numbers_of_the_pages",
    ("form_p", "target"): "test_form_p_has_the_numbers_of_the_pages",
    ("form_p", "vocational"): "test_form_p_has_the_numbers_of_the_pages",
    ("form_p", "technician"): "test_form_p_has_the_numbers_of_the_pages",
    ("form_p", "total"): "test_form_p_has_the_numbers_of_the_pages",
    ("form_t", "target"): "test_a_table_of_targets_has_the_numbers_of_the_pages",
}
"""(Sheet, column) of a number that pages show, too → the test that compares them."""
OF_ITS_OWN = {
    ("schools", "programmes"): "programmes, no persons or seats",
    ("results", "seats"): "of a run, as it was decided; seats change afterwards",
    ("results", "applicants"): "of a run, hidden where small",
    ("results", "admitted"): "of a run, hidden where small",
    ("results", "last_place"): "a place",
    ("results", "last_score"): "a score",
    ("form_c", "secondary"): "a part of the total: the form checks the sum",
    ("form_c", "three_plus_two"): "a part of the total",
    ("form_c", "five_year"): "a part of the total",
    ("form_c", "one_year"): "a part of the total",
    ("form_p", "completion"): "the rate of both sectors together, which no page prints",
    ("form_t", "number"): "the number of the row",
    ("applicants", "rank"): "the order of a choice",
    ("aptitude_tests", "points"): "points",
    ("plans", "fee"): "yuan",
    ("plans", "aptitude_test_max"): "points",
}
"""(Sheet, column) of a number that no page shows, and what it is."""
Counts = dict[str, dict[str, list[Number]]]
"""By key, the texts and where each one stands."""


@pytest.fixture
def season(personas: Personas) -> CountedSeason:
    return CountedSeason.lay(personas)


def starts() -> tuple[str, ...]:
    """The addresses of all pages without parameters; what a role may not open is refused and has no numbers."""
    return (*DESK, *(f"/{route}" for route, _ in routes(get_resolver()) if not APART.search(route)))


def read_desk(season: CountedSeason, *roles: str) -> Counts:
    """The numbers that these roles read."""
    return read_counts({role: season.browsers[role] for role in roles})


def read_counts(browsers: dict[str, Client]) -> Counts:
    """Every number that these roles read."""
    counts: Counts = defaultdict(lambda: defaultdict(list))
    for browser in browsers.values():
        for _, numbers in read_site(browser, starts()):
            for number in numbers:
                counts[number.key][number.text].append(number)
    return counts


def count_rows(browser: Client, url: str) -> int:
    """How many rows with a person a list has, over all its pages."""
    html = browser.get(url).content.decode()
    rows = sum(PERSON.search(row) is not None for row in re.findall(r"<tr.*?</tr>", html, re.S))
    following = re.search(r'rel="next" href="([^"]*)"', html)
    return rows + (count_rows(browser, urljoin(url, unescape(following[1]))) if following else 0)


def this_month() -> int:
    """The month that has a form, so that the form counts what the pages count now."""
    month = clock.now().astimezone(SHANGHAI).month
    set_rule("report.months", [month])
    return month


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
        for _, numbers in read_site(browser, starts()):
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
    personas.ce.sign(reports.compute, unit=personas.county, form="CITY", year=year, month=this_month())
    report = MonthlyReport.objects.get()
    csv_file = season.browsers["CE"].get(f"/desk/reports/{report.public_id}/file.csv").content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(csv_file)))
    row = lines[next(at for at, line in enumerate(lines) if "总数" in line) + 1]
    key = f"{year}:{{}}:target:{personas.county.code}:*:education"

    assert row[0] == next(iter(counts[key.format("target")]))
    assert row[-1] == next(iter(counts[key.format("rate")]))
    total = value(counts, f"{year}-{personas.season.term}:counted:school:{personas.county.code}:*:education")

    assert (row[1], report.rows[0]["total"]) == (str(total), total)
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


def test_form_p_has_the_numbers_of_the_pages(season: CountedSeason) -> None:
    personas, year = season.personas, season.personas.season.year
    counts, period = read_desk(season, "ME", "PE"), f"{year}-{personas.season.term}"
    labour = officer("mh-2", Role.CITY_LABOUR, personas.city, "labour")
    of = {"unit": personas.city, "year": year, "month": this_month()}
    labour.sign(reports.hand_over, **of)
    row = personas.me.sign(reports.compute, form="PROVINCE", **of).rows[0]
    schools = {one: f"{period}:counted:school:{one.code}:*:*" for one in (personas.school, season.technician)}
    in_city = [value(counts, key) for key in schools.values()]

    assert [row["vocational"], row["technician"]] == in_city
    assert row["total"] == sum(in_city)


def test_a_table_of_targets_has_the_numbers_of_the_pages(season: CountedSeason) -> None:
    personas, year = season.personas, season.personas.season.year
    counts = read_desk(season, "ME")
    printed = {str(row["unit"]): row["target"] for row in fill_targets(personas.city, year).rows}

    for of in (personas.county, personas.school):
        assert printed[of.name] == value(counts, f"{year}:target:target:{of.code}:*:education")


def test_the_demonstration_counts_as_the_pages_do(season: CountedSeason) -> None:
    counts, personas = read_desk(season, "PE"), season.personas
    key = f"{personas.season.year}-{personas.season.term}:{{}}:{{}}:{personas.province.code}:{{}}:*"

    assert summary.count_steps() == {
        step.value: value(counts, key.format(step, "home", "*")) for step in Step if step is not Step.COUNTED
    }
    types = summary.count_programme_types()
    assert types == {one: value(counts, key.format("checked_in", "school", one)) for one in types}
    assert len(types) == 3


def list_sheets() -> list[Sheet]:
    modules = [import_module(f"{sheets.__name__}.{one.name}") for one in pkgutil.iter_modules(sheets.__path__)]
    declared = {id(one): one for module in modules for one in vars(module).values() if isinstance(one, Sheet)}
    return [*declared.values(), FORM_C_SHEET, FORM_P_SHEET, FORM_T_SHEET]


def test_every_number_of_every_sheet_that_leaves_is_compared_or_is_of_its_own() -> None:
    """A new sheet, or a new column with a number, is in neither list."""
    numbers = {
        (sheet.code, col.key)
        for sheet in list_sheets()
        for col in sheet.columns
        if col.kind in (ColKind.INT, ColKind.RATE)
    }

    assert numbers == {*COUNTED, *OF_ITS_OWN}
    assert [test for test in COUNTED.values() if test not in globals()] == []


@override_settings(ROOT_URLCONF=one_more_page.__name__)
def test_a_new_page_with_a_count_is_compared_although_nothing_links_to_it(season: CountedSeason) -> None:
    counts = read_desk(season, "G")
    (texts,) = [texts for texts in counts.values() if one_more_page.WRONG in texts]

    assert len(texts) == 2
