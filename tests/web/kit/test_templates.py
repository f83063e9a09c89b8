"""Templates carry nothing inline, their drawings exist, and error pages need nothing that may be broken."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from yangguang.rules.base.refusals import Denied
from yangguang.web.kit import status_badges

PACKAGE = Path(__file__).parents[3] / "yangguang"
STATIC, TEMPLATES = PACKAGE / "static", PACKAGE / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
pytestmark = pytest.mark.usefixtures("templates_alone")


@pytest.mark.parametrize("file", PAGES, ids=lambda file: str(file.relative_to(TEMPLATES)))
def test_no_template_carries_inline_script_style_or_handler(file: Path) -> None:
    text = re.sub(r"{#.*?#}", "", file.read_text())
    scripts = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", text)

    assert scripts + re.findall(r"<style\b|\sstyle=|\son[a-z]+=|javascript:", text) == []


def test_no_comment_runs_over_the_end_of_its_line() -> None:
    broken = [f.name for f in PAGES if re.search(r"{#(?:(?!#}).)*$", f.read_text(), re.M)]

    assert broken == []


def test_every_drawing_that_is_asked_for_exists() -> None:
    drawings = set(re.findall(r'<symbol id="(\w+)"', (STATIC / "icons.svg").read_text()))
    asked = {name for file in PAGES for name in re.findall(r'{% icon "(\w+)"', file.read_text())}

    assert (asked | {look.icon for look in status_badges.LOOKS.values()}) - drawings == set()


@pytest.mark.parametrize("number", [403, 404, 409, 413, 422, 500, 503])
def test_error_pages_need_neither_request_nor_database(number: int) -> None:
    html = render_to_string(f"errors/{number}.html")

    assert f"{number} · " in html
    assert "<strong>现在可以：</strong>" in html
    assert re.search(r"<h1>.+</h1>", html)


def test_an_error_page_says_the_refusal_it_was_given() -> None:
    refusal = Denied("不能批准自己的提请", why="须由两人办理", now="请另一位同事办理", clause="第五条")
    html = render_to_string("errors/403.html", {"refusal": refusal})
    for part in (refusal.what, refusal.why, refusal.now, refusal.clause):
        assert part in html

    assert "换用有权限的账号" not in html


def test_a_button_that_needs_a_keys_script_is_inactive_until_the_script_is_there() -> None:
    buttons = [button for file in TEMPLATES.rglob("*.html") for button in re.findall(r"<button[^>]*", file.read_text())]
    asking = [button for button in buttons if "data-key-button" in button]

    assert len(asking) == 2
    assert [button for button in asking if not re.search(r"\bdisabled\b", button)] == []
