"""The gallery in Chromium: accessible, never wider than its window, and comfortable with scripts."""

import mimetypes
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import RequestFactory, override_settings
from playwright.sync_api import Browser, Page, Route, expect

from tests.shots import overflow
from yangguang.web.kit.gallery import gallery

STATIC = Path(__file__).parents[3] / "yangguang" / "static"
SITE = "http://localhost"
POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'"
pytestmark = pytest.mark.usefixtures("templates_alone")


@pytest.fixture
def html() -> bytes:
    with override_settings(ROOT_URLCONF="yangguang.urls"):
        return gallery(RequestFactory().get("/gallery/")).content


def answer_with(html: bytes) -> Callable[[Route], None]:
    """Answers the browser from memory, under the content security policy of the site."""

    def answer(route: Route) -> None:
        file = STATIC / route.request.url.removeprefix(SITE + "/static/")
        found = file.is_file()
        kind = (mimetypes.guess_type(file.name)[0] or "text/plain") if found else "text/html; charset=utf-8"
        body = file.read_bytes() if found else html
        route.fulfill(body=body, headers={"content-type": kind, "content-security-policy": POLICY})

    return answer


@pytest.fixture
def gallery_page(page: Page, html: bytes) -> Page:
    page.route("**/*", answer_with(html))
    page.goto(SITE + "/gallery/")
    return page


def serious_faults(tab: Page) -> list[str]:
    found = Axe().run(tab).response["violations"]
    return [f"{f['id']}: {f['nodes'][0]['html']}" for f in found if f["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("width", [375, 1440])
def test_axe_finds_nothing_serious(gallery_page: Page, width: int) -> None:
    gallery_page.set_viewport_size({"width": width, "height": 900})

    assert serious_faults(gallery_page) == []


def test_axe_would_find_a_serious_fault(page: Page, html: bytes) -> None:
    page.route("**/*", answer_with(html.replace(b'<label class="field-label"', b'<p class="field-label"')))
    page.goto(SITE + "/gallery/")

    assert any(fault.startswith(("label", "select-name")) for fault in serious_faults(page))


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder"])
@pytest.mark.parametrize("width", [320, 375, 768, 1440])
def test_no_page_is_wider_than_its_window(page: Page, html: bytes, width: int, elder: bool) -> None:
    if elder:
        html = html.replace(b'<html lang="zh-CN">', b'<html lang="zh-CN" class="elder">')
    page.route("**/*", answer_with(html))
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(SITE + "/gallery/")

    assert overflow(page) == 0
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == (20 if elder else 16)


def test_things_to_touch_are_at_least_44_pixels_high(gallery_page: Page) -> None:
    gallery_page.set_viewport_size({"width": 375, "height": 900})
    small = gallery_page.eval_on_selector_all(
        # 上移 and 下移 stand one above the other, so that a row stays within 72 pixels.
        ".button:not(.button--small, .choice-acts *), .entrance, .nav a, .mast-tool, .tabs a, .option, .role,"
        ".field select",
        "all => all.filter(e => e.getClientRects().length && e.getBoundingClientRect().height < 44)"
        ".map(e => e.outerHTML)",
    )

    assert small == []


def test_choices_move_by_button_and_say_where_they_are(gallery_page: Page) -> None:
    gallery_page.get_by_role("button", name="上移：演示技工学校 · 汽车维修（演示）").click()
    order = gallery_page.eval_on_selector_all("[name=order]", "all => all.map(input => input.value)")

    assert order == ["c2", "c1", "c3"]

    expect(gallery_page.locator("[data-reorder-status]")).to_have_text(
        "演示技工学校 · 汽车维修（演示），现在是第 1 志愿，还没有提交"
    )

    assert gallery_page.evaluate("document.activeElement.name") == "down"


def test_choices_move_by_dragging(gallery_page: Page) -> None:
    last, first = gallery_page.locator(".choice").nth(2), gallery_page.locator(".choice").nth(0)
    last.drag_to(first, target_position={"x": 60, "y": 4})
    order = gallery_page.eval_on_selector_all("[name=order]", "all => all.map(input => input.value)")

    assert order == ["c3", "c1", "c2"]


def test_a_form_is_sent_once_however_often_it_is_pressed(gallery_page: Page) -> None:
    sent = gallery_page.evaluate(
        """() => {
            let sent = 0;
            addEventListener("submit", (event) => { if (!event.defaultPrevented) sent += 1; event.preventDefault(); });
            const button = document.querySelector("#confirm .button--danger");
            for (let press = 0; press < 3; press += 1) button.click();
            return sent;
        }"""
    )

    assert sent == 1


def test_without_scripts_everything_is_there_and_nothing_dead_is_offered(chromium: Browser, html: bytes) -> None:
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.route("**/*", answer_with(html))
    tab.goto(SITE + "/gallery/")

    assert tab.locator("[data-print]:visible, [data-copy]:visible").count() == 0
    assert tab.locator(".choice-up[name=up], .choice-down[name=down]").count() == 6

    context.close()


def test_the_skip_link_is_first_and_leads_to_the_content(gallery_page: Page) -> None:
    gallery_page.keyboard.press("Tab")
    expect(gallery_page.get_by_role("link", name="跳到正文")).to_be_focused()
    gallery_page.keyboard.press("Enter")

    assert gallery_page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("width", [375, 1440])
def test_a_two_line_table_remains_a_table_for_a_screen_reader(gallery_page: Page, width: int) -> None:
    gallery_page.set_viewport_size({"width": width, "height": 900})
    tables = "table.table--cards"
    without_role = gallery_page.locator(tables).evaluate_all("all => all.filter(t => !t.hasAttribute('role')).length")
    nodes = gallery_page.context.new_cdp_session(gallery_page).send("Accessibility.getFullAXTree")["nodes"]
    roles = Counter(node["role"]["value"] for node in nodes if not node["ignored"])
    rows = gallery_page.locator("#table tbody tr").count()

    assert without_role == 0
    assert gallery_page.get_by_role("region", name="招生计划").get_by_role("row").count() == rows + 1
    assert gallery_page.get_by_role("region", name="招生计划").get_by_role("columnheader").count() == 6
    assert roles["cell"] + roles["gridcell"] >= 5 * rows


FAINT_TEXT = """() => {
    const numbers = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
    const light = (colour) => {
        const [r, g, b] = numbers(colour).map((c) => c / 255)
            .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const solid = (colour) => colour !== "none" && numbers(colour).length >= 3 && numbers(colour)[3] !== 0;
    const behind = (text, x, y) => {
        for (const one of document.elementsFromPoint(x, y)) {
            if (one === text || text.contains(one) || one.contains(text) && one instanceof SVGElement) continue;
            const style = getComputedStyle(one);
            const colour = one instanceof SVGElement ? style.fill : style.backgroundColor;
            if (one.tagName !== "text" && solid(colour)) return colour;
        }
        return "rgb(255, 255, 255)";
    };
    // Pictures take no clicks; here each part must be there to be hit.
    for (const part of document.querySelectorAll("svg, svg *")) part.style.pointerEvents = "all";
    const faint = [];
    let texts = 0;
    for (const text of document.querySelectorAll("main svg text")) {
        text.scrollIntoView({block: "center"});
        const box = text.getBoundingClientRect();
        if (!box.width) continue;
        texts += 1;
        const [one, other] = [getComputedStyle(text).fill, behind(text, box.x + box.width / 2, box.y + box.height / 2)];
        const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
        if ((bright + 0.05) / (dark + 0.05) < 4.5) faint.push([text.textContent, one, other]);
    }
    return [texts, faint];
}"""


@pytest.mark.parametrize("width", [375, 1440])
def test_text_in_pictures_stands_out_from_what_is_behind_it(gallery_page: Page, width: int) -> None:
    gallery_page.set_viewport_size({"width": width, "height": 900})
    texts, faint = gallery_page.evaluate(FAINT_TEXT)

    assert texts > 5
    assert faint == []
