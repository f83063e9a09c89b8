"""The gallery looks as it was accepted, and a change of the look is noticed. (decision 0033)"""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.pictures import Miniature, compare, describe_maker, load_accepted, shrink
from tests.web.kit.test_gallery_browser import gallery_page, html

__all__ = ["gallery_page", "html"]
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("templates_alone")]
CARD = '<section id="card">甲乙丙丁</section>'


def test_the_gallery_looks_as_accepted(gallery_page: Page, tmp_path: Path) -> None:
    maker, _ = load_accepted()
    if maker != describe_maker(gallery_page):
        pytest.skip(f"已认可的图片出自 {maker}，现在是 {describe_maker(gallery_page)}")

    assert compare(gallery_page, tmp_path) == []


@pytest.mark.parametrize(
    ("changed", "differs"),
    [(CARD, False), (CARD.replace("丁", "一"), True), (CARD.replace("甲", "<b>甲</b>", 1), True)],
    ids=["same", "letter", "bold"],
)
def test_a_change_of_the_picture_is_noticed(page: Page, changed: str, differs: bool) -> None:
    pictures = []
    for content in (CARD, changed):
        page.set_content(content)
        pictures.append(shrink(page, page.locator("#card").screenshot()))

    assert bool(pictures[1].list_changes(pictures[0])) == differs


def test_a_picture_that_grew_differs_in_the_new_cells() -> None:
    one, two = Miniature(1, 1, b"\xff"), Miniature(2, 2, b"\xff" * 4)

    assert two.list_changes(one) == [(1, 0), (0, 1), (1, 1)]
