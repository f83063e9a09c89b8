"""Screenshots of a running demonstration at three widths, so that every page is looked at before it is done.

It walks like a visitor: the public navigation, then for each demonstration role the desk's navigation, and
from each page two rows and the last of its lists. `make shots` runs it; a page that is broken or too wide fails it,
and so does a component that does not look as accepted. `make shots ARGS=--accept` accepts the components as they are.
"""

import argparse
import shutil
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from tests.pictures import compare

WIDTHS = (375, 768, 1440)
PUBLIC = ("/", "/login/", "/demo/", "/replay/", "/gallery/", "/no-such-page/")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
EXPECTED_MISSING = "/no-such-page/"


@dataclass
class Walk:
    """One tour: where pictures go, what was seen, what was wrong."""

    base: str
    out: Path
    only: str = ""
    seen: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def visit(self, page: Page, url: str, who: str) -> list[str]:
        """Take `url` at each width.

        Returns:
            The addresses to go to next: the navigation, rows of the page's lists, what is due.
        """
        path = urlsplit(url).path
        key = f"{who}{path}"
        if key in self.seen or not url.startswith(self.base):
            return []
        self.seen.add(key)
        answer = page.goto(url)
        if answer is None or (answer.status >= 400 and path != EXPECTED_MISSING):
            self.faults.append(f"{key}: HTTP {answer.status if answer else '-'}")
            return []
        if self.only in key:
            self._take(page, key)
        return [urljoin(url, link) for link in links(page)]

    def _take(self, page: Page, key: str) -> None:
        name = key.strip("/").replace("/", "-") or "home"
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if over := overflow(page):
                self.faults.append(f"{key} 在 {width} 像素时宽出 {over} 像素")
            page.screenshot(path=self.out / f"{name}-{width}.png", full_page=True)
        print(name, flush=True)


def answers(base: str) -> bool:
    """True when something listens at `base`."""
    parts = urlsplit(base)
    with socket.socket() as probe:
        probe.settimeout(3)
        return probe.connect_ex((parts.hostname or "127.0.0.1", parts.port or 80)) == 0


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return int(page.evaluate("Math.max(0, document.documentElement.scrollWidth - window.innerWidth)"))


def links(page: Page) -> list[str]:
    """Where the navigation leads, and of the lists the first two rows and the last: that batch is not published."""
    found: list[str] = page.eval_on_selector_all(".nav a[href]", "all => all.map(a => a.getAttribute('href'))")
    rows: list[str] = page.eval_on_selector_all(
        "main tbody a[href], main .stat[href]",
        "all => [...new Set([...all.slice(0, 2), ...all.slice(-1)])].map(a => a.getAttribute('href'))",
    )
    # What is due now, and what can still be done, on a student's pages.
    due: list[str] = page.eval_on_selector_all(
        "main .note .button[href], main section[aria-labelledby='acts-head'] a[href], main .tabs a[href]",
        "all => all.map(a => a.getAttribute('href'))",
    )
    return [link for link in found + rows + due if not link.startswith("#")]


def tour(browser: Browser, walk: Walk) -> None:
    """The public site first, then each role that the demonstration offers."""
    page = browser.new_page(locale="zh-CN", timezone_id="Asia/Shanghai")
    wander(page, walk, [walk.base + path for path in PUBLIC], "")
    for number, role in enumerate(demo_roles(page, walk)):
        page = browser.new_page(locale="zh-CN", timezone_id="Asia/Shanghai")
        page.goto(walk.base + "/demo/")
        page.locator(".role").nth(number).click()
        wander(page, walk, [page.url], role)
        page.close()


def demo_roles(page: Page, walk: Walk) -> list[str]:
    """The labels of the role buttons, none where the site is no demonstration."""
    page.goto(walk.base + "/demo/")
    return [label.removeprefix("进入为") for label in page.locator(".role-label").all_inner_texts()]


def wander(page: Page, walk: Walk, starts: list[str], who: str) -> None:
    """Visit `starts`, then what they lead to, four steps deep: from the desk to rounds, a round, its run, a line."""
    ring = starts
    for _ in range(5):
        ring = [link for url in ring for link in walk.visit(page, url, who)]


def _arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make shots", description=__doc__)
    parser.add_argument("--base", default="http://127.0.0.1:8000", help="address of the running demonstration")
    parser.add_argument("--out", type=Path, default=Path("var/shots"))
    parser.add_argument("--only", default="", help="take only pages whose role and path contain this")
    parser.add_argument("--accept", action="store_true", help="accept the pictures of the gallery, and take no others")
    return parser.parse_args(argv)


def compare_gallery(browser: Browser, walk: Walk, *, accept: bool) -> None:
    """Compare the components with the accepted pictures; what differs is a fault unless it is accepted now."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce")
    page = context.new_page()
    page.goto(walk.base + "/gallery/")
    differences = compare(page, walk.out / "differences", accept=accept)
    walk.faults += [] if accept else differences
    context.close()
    print(*differences, sep="\n")


def main(argv: list[str]) -> int:
    """Take all pictures; 0 when nothing was wrong, 1 when a page was, 2 when no site answers."""
    args = _arguments(argv)
    if not answers(args.base):
        print(f"{args.base} 没有应答：请先在另一个窗口运行 make demo", file=sys.stderr)
        return 2
    args.out.mkdir(parents=True, exist_ok=True)
    walk = Walk(args.base.rstrip("/"), args.out, args.only)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(ARGUMENTS))
        compare_gallery(browser, walk, accept=args.accept)
        if not args.accept:
            tour(browser, walk)
        browser.close()
    for fault in walk.faults:
        print("!", fault, file=sys.stderr)
    print(f"{len(walk.seen)} 个页面，图片在 {args.out}", file=sys.stderr)
    return 1 if walk.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
