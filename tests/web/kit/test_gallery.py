"""Every component is in the gallery, with all its places filled."""

import re
from pathlib import Path

import pytest
from django.test import RequestFactory, override_settings

from yangguang.web.kit.gallery import TITLES, gallery

PACKAGE = Path(__file__).parents[3] / "yangguang"
STATIC, TEMPLATES = PACKAGE / "static", PACKAGE / "templates"
# Parts of a frame, not things to look at alone.
PARTS = {
    "brand",
    "mark",
    "header",
    "footer",
    "desk_header",
    "desk_nav",
    "public_nav",
    "desk_footer",
    "demo_bar",
    "elder",
    "htmx",
    "crumbs",
    "listbar",
    "chart_csv",
    "pager",
    "tile",
    "field_messages",
    "warning_programme",
}
pytestmark = pytest.mark.usefixtures("templates_alone")


@pytest.fixture
def page_html() -> str:
    with override_settings(ROOT_URLCONF="yangguang.urls"):
        return gallery(RequestFactory().get("/gallery/")).content.decode()


def test_every_component_is_displayed_in_the_gallery() -> None:
    displayed = "".join(file.read_text() for file in (TEMPLATES / "gallery").glob("*.html"))
    used = set(re.findall(r"components/(\w+)\.html", displayed)) | set(re.findall(r"{% (\w+)", displayed))

    assert {file.stem for file in (TEMPLATES / "components").glob("*.html")} - used - PARTS == set()
    assert {file.stem for file in (TEMPLATES / "gallery").glob("*.html")} == set(TITLES)


def test_the_gallery_leaves_no_template_marks_and_no_unfilled_places(page_html: str) -> None:
    outside_code = re.sub(r"<pre.*?</pre>", "", page_html, flags=re.S)

    assert re.findall(r"{[%#{].*?[%#}]}", outside_code) == []
    assert "None" not in outside_code
