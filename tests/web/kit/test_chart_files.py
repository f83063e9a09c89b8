"""The numbers of pictures as files: at the address of the page, as texts that no spreadsheet runs."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.http import Http404
from django.template import engines
from django.test import RequestFactory

from yangguang.rules.seasons.windows import WindowStatus, start_of, until
from yangguang.web.kit.chart_files import Rows, send_chart, tabulate_funnel, tabulate_windows
from yangguang.web.kit.charts import Span

TEMPLATES = Path(__file__).parents[3] / "yangguang" / "templates"
STEPS = [{"label": "报名", "number": 5886, "lost": None}, {"label": "报到", "number": 5132, "lost": 754}]
CHARTS: dict[str, Rows] = {"funnel": tabulate_funnel(STEPS), "map": []}


def test_the_file_of_a_funnel_has_the_rows_of_its_table() -> None:
    answer = send_chart(RequestFactory().get("/desk/?csv=funnel"), CHARTS)

    assert answer is not None
    assert answer.content.decode("utf-8-sig") == "步骤,人数,比上一步少\r\n报名,5886,\r\n报到,5132,754\r\n"
    assert answer["Content-Disposition"] == 'attachment; filename="funnel.csv"'


def test_the_page_itself_is_no_file() -> None:
    assert send_chart(RequestFactory().get("/desk/?season=1"), CHARTS) is None


def test_the_file_of_windows_has_both_ends_as_the_table_does() -> None:
    span = Span("填报志愿", start_of(date(2024, 8, 25)), until(date(2024, 8, 28)), WindowStatus.OPEN)

    assert tabulate_windows([("集中录取", [span])]) == [
        {"事项": "填报志愿", "开始": "2024年8月25日00:00", "截止": "2024年8月28日24:00（即8月29日00:00）"}
    ]


@pytest.mark.parametrize("name", ["unknown", "map"])
def test_a_picture_that_is_not_on_the_page_is_not_found(name: str) -> None:
    with pytest.raises(Http404):
        send_chart(RequestFactory().get(f"/desk/?csv={name}"), CHARTS)


def test_the_link_preserves_what_the_address_chooses() -> None:
    html = (
        engines["django"]
        .from_string('{% chart_csv "map" %}')
        .render({}, RequestFactory().get("/desk/progress/?by=home&csv=old"))
    )

    assert 'href="?by=home&amp;csv=map"' in html


def test_every_picture_of_a_page_names_its_file() -> None:
    components = "funnel|ranked_bars|completion|gantt|waterfall|month_matrix"
    tags = {
        tag.group()
        for file in TEMPLATES.rglob("*.html")
        for tag in re.finditer(rf'{{% include "components/(?:{components})\.html".*?%}}', file.read_text())
    }

    assert [tag for tag in tags if 'csv="' not in tag] == []
