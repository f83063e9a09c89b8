"""Navigation and footer lead to pages that exist."""

import re
from pathlib import Path

import pytest
from django.urls import resolve, reverse

from yangguang.web.kit.navigation import PUBLIC_NAV, keep_season, mark_active

PACKAGE = Path(__file__).parents[3] / "yangguang"
STATIC, TEMPLATES = PACKAGE / "static", PACKAGE / "templates"
pytestmark = pytest.mark.usefixtures("templates_alone")


def test_navigation_and_footer_lead_only_to_pages_that_exist() -> None:
    footer = re.findall(r"{% url '([\w:]+)' %}", (TEMPLATES / "components" / "footer.html").read_text())

    assert len(footer) == 5
    for url in [*(url for _, url in PUBLIC_NAV), *map(reverse, footer)]:
        assert resolve(url)


def test_the_navigation_marks_the_page_that_the_reader_is_at() -> None:
    under = mark_active(PUBLIC_NAV, "/schools/1/")
    front = mark_active(PUBLIC_NAV, "/")

    assert [link.url for link in under if link.is_active] == ["/schools/"]
    assert [link.url for link in front if link.is_active] == ["/"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/desk/", "/desk/?season=1"),
        ("?state=OPEN", "?state=OPEN&season=1"),
        ("?", "?season=1"),
        ("?season=2", "?season=2"),
    ],
)
def test_an_address_keeps_the_season_once(url: str, expected: str) -> None:
    assert keep_season(url, "1") == expected
    assert keep_season(url, "") == url
