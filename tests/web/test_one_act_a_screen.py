"""The pages that links lead to, walked as every persona: one h1, at most one gold thing."""

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import resolve

from tests.support.builders.bureau_lists import add_to_lists
from tests.support.builders.officers import at_desk
from tests.support.builders.public_season import PublicSeason
from tests.support.builders.web_season import Desk
from yangguang.rules.seasons.windows import WindowKind
from yangguang.web.kit.context import ELDER

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
CARDS = {"todo", "is-first", "entrance--open"}
GOLD = CARDS | {"button--primary"}
SAMPLES = {"/gallery/"}
"""Shows every component in every state."""


class Outline(HTMLParser):
    """Counts headings of the first level and gold things, and collects links; gold inside a gold card is the card's."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.h1 = self.gold = 0
        self.links: list[str] = []
        self._open: list[bool] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        classes = set((given.get("class") or "").split())
        self.h1 += tag == "h1"
        self.gold += bool(classes & GOLD) and not any(self._open)
        if tag == "a" and "download" not in given:
            self.links.append(given.get("href") or "")
        if tag not in VOID:
            self._open.append(bool(classes & CARDS))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self._open:
            self._open.pop()


def walk(browser: Client, start: str) -> Iterator[tuple[str, Outline]]:
    """Pages that can be reached from `start` by links, two of each route and of each tab."""
    ahead, seen = [start], dict[str, int]()
    while ahead:
        url = ahead.pop(0)
        parts = urlsplit(url)
        route = resolve(parts.path).route + ("?" + parts.query if parts.query.startswith(("tab=", "by=")) else "")
        seen[url] = 1
        seen[route] = seen.get(route, 0) + 1
        if seen[route] > 2:
            continue
        answer = browser.get(url, follow=True)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html") and not answer.streaming:
            outline = Outline(answer.content.decode())
            yield url, outline
            links = [urljoin(url, link).split("#")[0] for link in outline.links]
            ahead += [link for link in dict.fromkeys(links) if is_local(link) and link not in seen]


def is_local(link: str) -> bool:
    return link.startswith("/") and not link.startswith(("/static/", "/elder", "/demo/"))


def count_faults(browser: Client, start: str) -> tuple[dict[str, tuple[int, int]], int]:
    """Addresses with (h1s, gold things) other than one and at most one, and how many pages were looked at."""
    pages = {url: outline for url, outline in walk(browser, start) if urlsplit(url).path not in SAMPLES}
    return {u: (o.h1, o.gold) for u, o in pages.items() if o.h1 != 1 or o.gold > 1}, len(pages)


@pytest.mark.parametrize(
    ("who", "start", "least"),
    [
        ("guest", "/", 20),
        ("elder", "/", 20),
        ("teacher", "/school/", 15),
        ("ce", "/desk/", 15),
        ("me", "/desk/", 15),
        ("pe1", "/desk/", 20),
    ],
)
def test_the_pages_of_a_persona(public_season: PublicSeason, who: str, start: str, least: int) -> None:
    for kind in (WindowKind.REGISTRATION, WindowKind.PLAN_ENTRY, WindowKind.CHECK_IN):
        public_season.personas.open(kind)
    add_to_lists(public_season, 1)
    add_to_lists(public_season, 2)
    browser = Client() if who in ("guest", "elder") else at_desk(getattr(public_season.personas, who))
    if who == "elder":
        browser.cookies[ELDER] = "1"

    faults, pages = count_faults(browser, start)

    assert faults == {}
    assert pages >= least


def test_the_pages_of_a_family(desk: Desk) -> None:
    faults, pages = count_faults(desk.client, "/me/")

    assert faults == {}
    assert pages >= 8


@pytest.mark.parametrize(
    ("html", "counted"),
    [
        ('<h1>甲</h1><div class="todo"><br><a class="button button--primary">乙</a></div>', (1, 1)),
        ('<div class="todo"></div><a class="button button--primary">乙</a>', (0, 2)),
        ("<h1>甲</h1><h1>乙</h1>", (2, 0)),
    ],
)
def test_gold_in_a_gold_card_is_counted_once(html: str, counted: tuple[int, int]) -> None:
    outline = Outline(html)

    assert (outline.h1, outline.gold) == counted
