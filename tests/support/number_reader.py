"""The numbers a page declares: `data-count` says what each one counts, and a link around it opens the persons."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

from django.core.cache import cache
from django.test import Client

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "use"}
# A list behind a number is read when the number is followed; a page of another year or month has other numbers.
APART_QUERY = ("year=", "month=", "after=", "before=", "sort=", "state=", "tab=")
MOST_OF_A_PATH = 30
"""A page with filters has as many addresses as filters; the first ones are read."""
APART = (
    "/desk/progress/people/",
    "/school/applicants",
    "/plans/",
    "/desk/windows",
    "/desk/rounds",
    "/desk/plans/",
    "/static/",
    "/manuals/",
    "/notices/",
    "/keys/",
    "/logout",
    "/demo/",
    "/replay/",
    "/audit/log",
    "/elder",
)


@dataclass(frozen=True)
class Number:
    """One number on a page."""

    key: str
    text: str
    url: str
    page: str


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.open = page, [("", "", "")]
        self.numbers: list[Number] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        link = self.open[-1][2]
        if tag == "a" and values.get("href"):
            link = urldefrag(urljoin(self.page, values["href"] or "")).url
            self.links.append(link)
        if tag not in VOID:
            self.open.append((tag, values.get("data-count") or "", link))

    def handle_endtag(self, tag: str) -> None:
        while len(self.open) > 1 and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        _, key, link = self.open[-1]
        if key and data.strip():
            self.numbers.append(Number(key, data.strip(), link, self.page))


def read_page(url: str, html: str) -> tuple[list[Number], list[str]]:
    """The numbers and the links of one page."""
    reader = _Reader(url)
    reader.feed(html)
    return reader.numbers, reader.links


def read_site(client: Client, starts: tuple[str, ...]) -> Iterator[tuple[str, list[Number]]]:
    """Every page that links reach from `starts`, with its numbers."""
    waiting, visited, paths = list(starts), set(), Counter[str]()
    while waiting:
        url = waiting.pop(0)
        path, _, query = url.partition("?")
        is_apart = url.startswith(APART) or any(part in query for part in APART_QUERY)
        if url in visited or not url.startswith("/") or (is_apart and url not in starts):
            continue
        visited.add(url)
        paths[path] += 1
        if paths[path] > MOST_OF_A_PATH:
            continue
        cache.clear()
        answer = client.get(url)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            numbers, links = read_page(url, answer.content.decode())
            waiting += links
            yield url, numbers
