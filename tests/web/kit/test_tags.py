"""How tags and filters display a value."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.template import engines
from django.test import RequestFactory

from yangguang.rules.seasons.windows import SHANGHAI, until
from yangguang.web.kit.gallery import sample_values

NOW = datetime(2024, 8, 28, 9, 30, tzinfo=SHANGHAI)
pytestmark = pytest.mark.usefixtures("templates_alone")


def render_text(text: str, **context: object) -> str:
    return engines["django"].from_string(text).render(context, RequestFactory().get("/gallery/"))


def test_a_chip_says_its_words_and_draws_its_shape() -> None:
    html = render_text('{% chip "PUBLISHED" "已公布" %}')

    assert html == (
        '<span class="chip chip--effective"><svg class="icon" aria-hidden="true" focusable="false">'
        '<use href="/static/icons.svg#check"></use></svg>已公布</span>'
    )
    assert "&lt;b&gt;" in render_text("{% chip 'draft' label %}", label="<b>")


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
def test_filters_display_values_as_people_read_them(text: str, value: object, said: str) -> None:
    assert render_text(text, value=value, now=NOW) == said


@pytest.mark.parametrize(
    ("done", "total", "rate", "bar"),
    [(4512, 6770, "66.65%", 'max="6770" value="4512"'), (2650, 2588, "102.40%", 'max="2588" value="2588"')],
)
def test_progress_says_its_rate_in_words(done: int, total: int, rate: str, bar: str) -> None:
    html = render_text("{% progress done total %}", done=done, total=total)

    assert f"<strong>{rate}</strong>" in html
    assert bar in html


@pytest.mark.parametrize("total", [None, 0])
def test_progress_without_a_target_is_a_dash_and_no_bar(total: int | None) -> None:
    html = render_text("{% progress 12 total %}", total=total)

    assert "<strong>—</strong>" in html
    assert "<progress" not in html


def test_a_field_ties_label_hint_and_error_to_its_control() -> None:
    html = render_text("{% field bad.identity %}", **sample_values())

    assert '<label class="field-label" for="id_bad-identity">' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_bad-identity_error"' in html
    assert 'id="id_bad-identity_error"' in html
    assert 'id="id_bad-identity_live" aria-live="polite"' in html


def test_the_season_clock_says_what_is_open_and_survives_missing_ends() -> None:
    half, none = ({"label": "志愿", "opens": NOW, "closes": None}, {"label": "报名", "opens": None, "closes": None})
    html = render_text("{% season_clock rows now %}", rows=[half, none], now=NOW)

    assert re.findall(r"season-row--(\w+)", html) == ["undated", "undated"]
    assert "2024年8月28日09:30 至" in html
    assert "时间公布后在这里显示" in html


def test_a_map_of_numbers_is_drawn_by_the_same_component_as_one_of_rates() -> None:
    area = {"code": "410100", "name": "郑州", "url": "?area=410100"}
    rates = render_text("{% tile_map tiles '率' %}", tiles=[area | {"rate": 0.83}])
    numbers = render_text(
        "{% tile_map tiles '所' scale=scale note='学校数；' %}",
        tiles=[area | {"number": 33, "shade": "4"}],
        scale=[("4", "30 所起")],
    )

    assert "tile--410100 tile--3" in rates
    assert "83%" in rates
    assert "不足 25%" in rates
    assert "tile--410100 tile--4" in numbers
    assert ">33<" in numbers
    assert "30 所起" in numbers
    assert "学校数；" in numbers
    assert "不足 25%" not in numbers


def test_a_two_line_table_has_its_roles_and_a_plain_one_needs_none() -> None:
    head = '<thead><tr><th scope="col">a</th></tr></thead>'
    rows = head + '<tbody><tr><th scope="row">b</th><td class="num">1</td></tr></tbody>'
    text = '{{% table_region label="x" %}}<table class="{}">{}</table>{{% endtable_region %}}'

    two_lines, plain = (render_text(text.format(look, rows)) for look in ("table table--cards tree", "table"))

    assert re.findall(r'<(\w+)[^>]* role="(\w+)"', two_lines) == [
        ("div", "region"),
        ("table", "table"),
        ("thead", "rowgroup"),
        ("tr", "row"),
        ("th", "columnheader"),
        ("tbody", "rowgroup"),
        ("tr", "row"),
        ("th", "rowheader"),
        ("td", "cell"),
    ]
    assert rows in plain
