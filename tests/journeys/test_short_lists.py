"""Twenty rows of a list are at most 2,000 pixels high on a phone."""

import pytest
from playwright.sync_api import Page

from tests.journeys.site import committed, served_personas, site
from tests.journeys.test_school import signs_in
from tests.support.builders.bureau_lists import add_to_lists
from tests.support.builders.public_season import PublicSeason
from tests.support.personas import Personas

__all__ = ["committed", "served_personas", "site"]
pytestmark = pytest.mark.browser
HEIGHT_OF_20 = """() => Math.max(0, ...[...document.querySelectorAll("main tbody, main ul.rows")].map((list) => {
    const rows = [...list.children].filter((row) => row.getClientRects().length);
    return 20 * rows.reduce((sum, row) => sum + row.getBoundingClientRect().height, 0) / Math.max(rows.length, 1);
}))"""
BUREAU = (
    "/desk/plans/?tab=all",
    "/desk/rounds/",
    "/desk/cases/",
    "/desk/progress/people/",
    "/desk/progress/",
    "/desk/proposals/",
    "/desk/disputes/",
    "/desk/reports/",
)


@pytest.fixture
def public_season(served_personas: Personas) -> PublicSeason:
    laid = PublicSeason.lay(served_personas)
    for serial in range(1, 4):
        add_to_lists(laid, serial)
    return laid


def test_twenty_rows_fit_on_2000_pixels(page: Page, site: str, public_season: PublicSeason) -> None:
    page.set_viewport_size({"width": 375, "height": 900})
    heights = {}
    for path in ("/schools/", "/plans/"):
        page.goto(f"{site}{path}")
        heights[path] = page.evaluate(HEIGHT_OF_20)
    for who, paths in (
        (public_season.personas.pe1, BUREAU),
        (public_season.personas.teacher, ("/school/applicants/",)),
    ):
        signs_in(page, site, who)
        for path in paths:
            page.goto(f"{site}{path}")
            heights[path] = page.evaluate(HEIGHT_OF_20)

    assert {path: height for path, height in heights.items() if not 0 < height <= 2000} == {}
