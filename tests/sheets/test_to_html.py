"""The print page in Chromium: accessible, and laid out as an official document."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.sheets.golden import NAMES, filled
from yangguang.sheets import render_print


@pytest.mark.browser
@pytest.mark.parametrize("width", [375, 1440])
@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_accessible_and_scrolls_only_inside_the_paper(
    page: Page, tmp_path: Path, name: str, width: int
) -> None:
    (tmp_path / "page.html").write_text(render_print(filled(name), alone=True), encoding="utf-8")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto((tmp_path / "page.html").as_uri())
    violations = [violation["id"] for violation in Axe().run(page).response["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth")
    title = page.locator("h1").evaluate("e => getComputedStyle(e).fontFamily")

    assert (violations, wide, title.split(",")[0]) == ([], width, "方正小标宋简体")
