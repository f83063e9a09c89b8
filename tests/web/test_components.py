"""Every component is shown, says its words, and carries nothing inline."""

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings
from django.urls import path, resolve

from yangguang.rules.accounts import key_states
from yangguang.rules.admissions import admission_states, claim_states
from yangguang.rules.applicants import application_states, case_states
from yangguang.rules.base.refusals import Denied
from yangguang.rules.plans import plan_states
from yangguang.rules.records import record_states
from yangguang.rules.reporting import report_states
from yangguang.rules.runs import run_states
from yangguang.rules.seasons.windows import SHANGHAI, until
from yangguang.web.kit import status_badges
from yangguang.web.kit.gallery import TITLES, gallery, sample_values
from yangguang.web.kit.navigation import PUBLIC_NAV, mark_active

PACKAGE = Path(__file__).parents[2] / "yangguang"
STATIC, TEMPLATES = PACKAGE / "static", PACKAGE / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
MACHINES = (
    admission_states,
    application_states,
    case_states,
    claim_states,
    key_states,
    plan_states,
    record_states,
    report_states,
    run_states,
)
NOW = datetime(2024, 8, 28, 9, 30, tzinfo=SHANGHAI)
# Parts of a frame, not things to look at alone.
PARTS = {
    "brand",
    "mark",
    "header",
    "footer",
    "desk_header",
    "desk_footer",
    "demo_bar",
    "elder",
    "htmx",
    "crumbs",
    "listbar",
    "pager",
    "field_messages",
    "warning_programme",
}
urlpatterns = [path("gallery/", gallery), path("schools/", gallery), path("open-data/", gallery)]


@pytest.fixture(autouse=True)
def templates_alone() -> Iterator[None]:
    """The engine as configured, without the context processors that read the database."""
    engine = deepcopy(configured.TEMPLATES)
    engine[0]["OPTIONS"]["context_processors"] = ["django.template.context_processors.request"]
    with override_settings(TEMPLATES=engine):
        yield


def drawn(text: str, **context: object) -> str:
    return engines["django"].from_string(text).render(context, RequestFactory().get("/gallery/"))


@pytest.fixture
def page_html() -> str:
    with override_settings(ROOT_URLCONF=__name__):
        return gallery(RequestFactory().get("/gallery/")).content.decode()


def test_every_component_is_shown_in_the_gallery() -> None:
    shown = "".join(file.read_text() for file in (TEMPLATES / "gallery").glob("*.html"))
    used = set(re.findall(r"components/(\w+)\.html", shown)) | set(re.findall(r"{% (\w+)", shown))
    assert {file.stem for file in (TEMPLATES / "components").glob("*.html")} - used - PARTS == set()
    assert {file.stem for file in (TEMPLATES / "gallery").glob("*.html")} == set(TITLES)


def test_the_gallery_leaves_no_template_marks_and_no_unfilled_places(page_html: str) -> None:
    outside_code = re.sub(r"<pre.*?</pre>", "", page_html, flags=re.S)
    assert re.findall(r"{[%#{].*?[%#}]}", outside_code) == []
    assert "None" not in outside_code


@pytest.mark.parametrize("file", PAGES, ids=lambda file: str(file.relative_to(TEMPLATES)))
def test_no_template_carries_inline_script_style_or_handler(file: Path) -> None:
    text = re.sub(r"{#.*?#}", "", file.read_text())
    scripts = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", text)
    assert scripts + re.findall(r"<style\b|\sstyle=|\son[a-z]+=|javascript:", text) == []


def test_no_comment_runs_over_a_programme_end_and_shows() -> None:
    broken = [f.name for f in PAGES if re.search(r"{#(?:(?!#}).)*$", f.read_text(), re.M)]
    assert broken == []


def test_every_state_of_the_rules_has_a_look() -> None:
    states = {state for machine in MACHINES for state in machine.TRANSITIONS.states}
    assert states - set(status_badges.LOOK_OF_STATE) == set()


def test_an_unknown_state_is_refused_instead_of_drawn() -> None:
    with pytest.raises(KeyError):
        status_badges.look_of("NO_SUCH_STATE")


def test_a_chip_says_its_words_and_draws_its_shape() -> None:
    html = drawn('{% chip "PUBLISHED" "已公布" %}')
    assert html == (
        '<span class="chip chip--effective"><svg class="icon" aria-hidden="true" focusable="false">'
        '<use href="/static/icons.svg#check"></use></svg>已公布</span>'
    )
    assert "&lt;b&gt;" in drawn("{% chip 'draft' label %}", label="<b>")


def test_every_drawing_that_is_asked_for_exists() -> None:
    drawings = set(re.findall(r'<symbol id="(\w+)"', (STATIC / "icons.svg").read_text()))
    asked = {name for file in PAGES for name in re.findall(r'{% icon "(\w+)"', file.read_text())}
    assert (asked | {look.icon for look in status_badges.LOOKS.values()}) - drawings == set()


@pytest.mark.parametrize(
    ("text", "value", "said"),
    [
        ("{{ value|instant }}", NOW, "2024年8月28日09:30"),
        ("{{ value|instant }}", None, "待定"),
        ("{{ value|closing }}", until(date(2024, 11, 10)), "2024年11月10日24:00（即11月11日00:00）"),
        ("{{ value|left:now }}", NOW + timedelta(hours=5, minutes=12), "还剩5小时12分钟"),
        ("{{ value|left:now }}", NOW, "已截止"),
        ("{{ value|thousands }}", 67686, "67,686"),
        ("{{ value|thousands }}", 0, "0"),
        ("{{ value|thousands }}", None, "—"),
        ("{{ value|difference:5200 }}", 5188, "少 12"),
        ("{{ value|difference:5200 }}", 5201, "多 1"),
        ("{{ value|mask }}", "410105200802290012", "410***********0012"),
        ("{{ value|mask }}", "410***********0012", "410***********0012"),
        ("{{ value|mask }}", "13812345678", "138****5678"),
        ("{{ value|mask }}", None, ""),
        ("{{ value|mask_name }}", "张建国", "张**"),
        ("{{ value|mask_name }}", "欧阳·𠮷娜", "欧*·**"),
        ("{{ value|mask_name }}", "张", "*"),
        ("{{ value|mask_name }}", None, ""),
    ],
)
def test_filters_say_values_the_way_people_read_them(text: str, value: object, said: str) -> None:
    assert drawn(text, value=value, now=NOW) == said


@pytest.mark.parametrize(
    ("done", "total", "rate", "bar"),
    [(4512, 6770, "66.6%", 'max="6770" value="4512"'), (2650, 2588, "102.4%", 'max="2588" value="2588"')],
)
def test_progress_says_its_rate_in_words(done: int, total: int, rate: str, bar: str) -> None:
    html = drawn("{% progress done total %}", done=done, total=total)
    assert f"<strong>{rate}</strong>" in html and bar in html


@pytest.mark.parametrize("total", [None, 0])
def test_progress_without_a_target_is_a_dash_and_no_bar(total: int | None) -> None:
    html = drawn("{% progress 12 total %}", total=total)
    assert "<strong>—</strong>" in html and "<progress" not in html


def test_a_field_ties_label_hint_and_error_to_its_control() -> None:
    html = drawn("{% field bad.identity %}", **sample_values())
    assert '<label class="field-label" for="id_bad-identity">' in html
    assert 'aria-invalid="true"' in html and 'aria-describedby="id_bad-identity_error"' in html
    assert 'id="id_bad-identity_error"' in html and 'id="id_bad-identity_live" aria-live="polite"' in html


def test_the_season_clock_says_what_is_open_and_survives_missing_ends() -> None:
    half, none = ({"label": "志愿", "opens": NOW, "closes": None}, {"label": "报名", "opens": None, "closes": None})
    html = drawn("{% season_clock rows now %}", rows=[half, none], now=NOW)
    assert re.findall(r"season-row--(\w+)", html) == ["undated", "undated"]
    assert "2024年8月28日09:30 至" in html and "时间公布后在这里显示" in html


def test_navigation_and_footer_lead_only_to_pages_that_exist() -> None:
    footer = re.findall(r'href="([^"?]+)', (TEMPLATES / "components" / "footer.html").read_text())

    for url in [*(url for _, url in PUBLIC_NAV), *footer]:
        assert resolve(url)


def test_the_navigation_marks_the_page_that_the_reader_is_at() -> None:
    under = mark_active(PUBLIC_NAV, "/schools/1/")
    front = mark_active(PUBLIC_NAV, "/")

    assert [link.url for link in under if link.is_active] == ["/schools/"]
    assert [link.url for link in front if link.is_active] == ["/"]


def test_a_map_of_numbers_is_drawn_by_the_same_component_as_one_of_rates() -> None:
    area = {"code": "410100", "name": "郑州", "url": "?area=410100"}
    rates = drawn("{% tile_map tiles '率' %}", tiles=[area | {"rate": 0.83}])
    numbers = drawn(
        "{% tile_map tiles '所' scale=scale note='学校数；' %}",
        tiles=[area | {"number": 33, "shade": "4"}],
        scale=[("4", "30 所起")],
    )
    assert "tile--410100 tile--3" in rates and "83%" in rates and "不足 25%" in rates
    assert "tile--410100 tile--4" in numbers and ">33<" in numbers and "30 所起" in numbers
    assert "学校数；" in numbers and "不足 25%" not in numbers


@pytest.mark.parametrize("number", [403, 404, 409, 413, 422, 500, 503])
def test_error_pages_need_neither_request_nor_database(number: int) -> None:
    html = render_to_string(f"errors/{number}.html")
    assert f"{number} · " in html and "<strong>现在可以：</strong>" in html
    assert re.search(r"<h1>.+</h1>", html)


def test_an_error_page_says_the_refusal_it_was_given() -> None:
    refusal = Denied("不能批准自己的提请", why="须由两人办理", now="请另一位同事办理", clause="第五条")
    html = render_to_string("errors/403.html", {"refusal": refusal})
    for part in (refusal.what, refusal.why, refusal.now, refusal.clause):
        assert part in html
    assert "换用有权限的账号" not in html
