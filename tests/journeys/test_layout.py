"""Pages stay where they are while they load, weigh little, and need no sideways scrolling at 200 %."""

import gzip

import pytest
from playwright.sync_api import Page

from tests.journeys.site import committed, served_personas, site
from tests.journeys.test_public import pages
from tests.journeys.test_school import PAGES, public_season, signs_in
from tests.shots import overflow
from tests.support.builders.public_season import PublicSeason

__all__ = ["committed", "public_season", "served_personas", "site"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]
MOST_BYTES = 60_000
SUM_SHIFTS = """window.shifts = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shifts += entry.value; })
    .observe({type: "layout-shift", buffered: true});"""
ZOOMED = (640, 320)
"""A window of 1280 px at 200 % and at 400 %."""


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder"])
def test_public_pages_do_not_shift_and_weigh_at_most_60_kilobytes(
    page: Page, site: str, public_season: PublicSeason, elder: bool
) -> None:
    page.add_init_script(SUM_SHIFTS)
    page.set_viewport_size({"width": 375, "height": 800})
    bodies: dict[str, bytes] = {}
    page.on("requestfinished", lambda request: bodies.update({request.url: request.response().body()}))  # type: ignore[union-attr]
    if elder:
        page.goto(f"{site}/elder?next=/")
    faults = {}
    for path in pages(public_season):
        bodies.clear()
        page.goto(site + path, wait_until="networkidle")
        weight = sum(len(gzip.compress(body)) for body in bodies.values())
        shifts = page.evaluate("window.shifts")
        if shifts or weight > MOST_BYTES or not bodies:
            faults[path] = (shifts, weight)

    assert faults == {}


def test_no_page_scrolls_sideways_at_200_percent(page: Page, site: str, public_season: PublicSeason) -> None:
    personas = public_season.personas
    desks = (
        (None, pages(public_season)),
        (personas.teacher, PAGES),
        (personas.pe1, ("/desk/", "/desk/plans/?tab=all", "/desk/progress/", "/desk/targets/", "/desk/reports/")),
    )
    wide = []
    for who, paths in desks:
        if who:
            signs_in(page, site, who)
        for path in paths:
            page.goto(site + path)
            for width in ZOOMED:
                page.set_viewport_size({"width": width, "height": 450})
                wide += [(path, width, over)] if (over := overflow(page)) else []

    assert wide == []
