"""The look as numbers: contrast of the tokens, weight of a public page, vendored files as recorded."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[3] / "yangguang"
STATIC, TEMPLATES = PACKAGE / "static", PACKAGE / "templates"
STYLES = [f"{name}.css" for name in ("tokens", "base", "frame", "controls", "content", "tables", "charts")]
# What Chrome 80 or Safari 13 does not know. A grid that needs a gap says `grid-gap` first; `gap` in a flex box is
# silently nothing there, so boxes use margins.
TOO_NEW = {
    "cascade layers": r"@layer",
    "container queries": r"@container|container-type",
    "selectors": r":has\(|:is\(|:where\(|:not\([^)]*,",
    "logical shorthands": r"\b(?:margin|padding|inset|border)-(?:inline|block)\s*:",
    "inset": r"[;{\s]inset\s*:",
    "aspect-ratio": r"aspect-ratio\s*:",
    "range queries": r"@media[^{]*[<>]",
    "nesting": r"&[\s.:]",
    "colour functions": r"color-mix|oklch|rgb\([^)]*/",
    "new units": r"\d(?:dvh|svh|lvh|cqw|cqi)\b",
    "subgrid": r"subgrid",
}


def token(name: str) -> str:
    found = re.search(rf"--{name}: (#[0-9a-f]{{6}});", (STATIC / "tokens.css").read_text())
    assert found, name
    return found[1]


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(token(one)), luminance(token(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    "ground", ["canvas", "paper", "paper-2", "band", "blue-tint", "sun-tint", "red-tint", "green-tint"]
)
def test_text_stands_out_from_every_ground(ground: str) -> None:
    assert min(contrast(text, ground) for text in ("ink", "ink-2", "blue", "red")) >= 4.5


@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        ("on-blue", "blue", 4.5),
        ("ink", "sun", 4.5),
        ("green", "green-tint", 4.5),
        ("sun-deep", "sun-tint", 4.5),
        ("edge", "paper", 3),
        ("sun", "blue", 3),
        ("ink", "b1", 4.5),
        ("ink", "b2", 4.5),
        ("on-blue", "b4", 4.5),
        ("on-blue", "b5", 4.5),
        ("b4", "paper", 3),
    ],
)
def test_controls_stand_out(text: str, ground: str, least: float) -> None:
    assert contrast(text, ground) >= least


@pytest.mark.parametrize("feature", TOO_NEW)
@pytest.mark.parametrize("sheet", STYLES)
def test_a_sheet_uses_nothing_that_chrome_80_does_not_know(sheet: str, feature: str) -> None:
    assert re.findall(TOO_NEW[feature], without_comments(sheet)) == []


@pytest.mark.parametrize("sheet", STYLES)
def test_a_gap_stands_only_in_a_grid_and_is_said_in_the_old_word_first(sheet: str) -> None:
    rules = re.findall(r"{([^{}]*)}", without_comments(sheet))
    wrong = [rule for rule in rules if re.search(r"[;{\s]gap\s*:", rule) and "grid-gap" not in rule]

    assert wrong == []


def test_the_patterns_match_what_they_name() -> None:
    assert re.search(TOO_NEW["cascade layers"], "@layer base { }")
    assert re.search(TOO_NEW["selectors"], ".page:has(> aside)")
    assert re.search(TOO_NEW["logical shorthands"], "a { margin-inline: auto }")


def without_comments(sheet: str) -> str:
    return re.sub(r"/\*.*?\*/", "", (STATIC / sheet).read_text(), flags=re.S)


def test_the_sheets_of_a_page_weigh_at_most_14_kilobytes() -> None:
    sheets = b"".join((STATIC / name).read_bytes() for name in STYLES)

    assert len(gzip.compress(sheets)) <= 14_000


def test_styles_and_scripts_of_a_public_page_stay_under_20_kilobytes() -> None:
    files = [STATIC / name for name in [*STYLES, "icons.svg", "mark.svg", "js/submit_once.js", "js/countdown.js"]]

    assert sum(len(gzip.compress(file.read_bytes())) for file in files) <= 20_000


def test_vendored_files_are_the_ones_on_record() -> None:
    vendor = STATIC / "vendor"
    recorded = dict(re.findall(r"\| (\S+\.js) \|.*`([0-9a-f]{64})`", (vendor / "README.md").read_text()))

    assert recorded
    assert {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in vendor.glob("*.js")} == recorded


def test_base_links_every_style_once() -> None:
    linked = re.findall(r"static '([\w/]+\.css)'", (TEMPLATES / "base.html").read_text())

    assert linked == [*STYLES, "print.css"]
