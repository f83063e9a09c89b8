"""The words of code and documents: the banned ones are gone or on their way out, and screens and glossary agree."""

import re
from functools import cache
from pathlib import Path

import pytest

from tests.support import banned_words, still_allowed, wording
from tests.support.house_rules import functions_longer_than

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "yangguang"
# The lists themselves, and the two official texts with their English notes.
LEFT_OUT = {"banned_words.py", "still_allowed.py", "test_words.py"}
# What a screen must not call a thing, and the term of the glossary.
TERMS = {"学位": "名额", "学习形式": "办学形式"}


@cache
def files(ending: str) -> list[Path]:
    """The files of the code, its tests and documents with this ending; migrations and notices left out."""
    folders = [ROOT / folder for folder in ("yangguang", "tests", "benchmarks", "docs", "deploy")]
    paths = [*ROOT.glob(f"*.{ending}"), *(path for folder in folders for path in folder.rglob(f"*.{ending}"))]
    skipped = {"migrations", "notices", "vendor"}
    return sorted(p for p in paths if not skipped & set(p.parts) and p.name not in LEFT_OUT | {"CHANGELOG.md"})


def measure_code() -> dict[str, int]:
    """Figures of the code that may only shrink."""
    code = [path for path in files("py") if PACKAGE in path.parents]
    long = [path for path in code if "engine" not in path.relative_to(PACKAGE).parts]
    return {
        "lines with Any": wording.count_lines(code, r"\bAny\b"),
        "lines with fmt: skip": wording.count_lines(files("py"), r"# fmt: skip"),
        "functions over 40 lines outside the engine": len(functions_longer_than(long, 40)),
    }


@cache
def counts() -> dict[str, dict[str, int]]:
    """What is counted now, under the names of the lists in `still_allowed`."""
    named = [path for ending in ("py", "html", "js", "css") for path in files(ending)]
    return {
        "NAMES": dict(wording.count_identifiers(named, set(banned_words.NAMES))),
        "PROSE": dict(wording.count_prose([*files("py"), *files("md")], set(banned_words.PROSE))),
        "SIZES": measure_code(),
    }


@pytest.mark.parametrize("kind", ["NAMES", "PROSE", "SIZES"])
def test_no_banned_word_or_figure_grows(kind: str) -> None:
    allowed: dict[str, int] = getattr(still_allowed, kind)

    grown = {word: (n, allowed.get(word, 0)) for word, n in counts()[kind].items() if n > allowed.get(word, 0)}

    instead = {**banned_words.NAMES, **banned_words.PROSE}

    assert {f"{word} → {instead.get(word, 'fewer')}": numbers for word, numbers in grown.items()} == {}


@pytest.mark.parametrize("kind", ["NAMES", "PROSE", "SIZES"])
def test_what_is_still_allowed_is_no_more_than_what_stands(kind: str) -> None:
    allowed: dict[str, int] = getattr(still_allowed, kind)

    too_many = {
        word: (n, counts()[kind].get(word, 0)) for word, n in allowed.items() if n > counts()[kind].get(word, 0)
    }

    assert too_many == {}, "run: python -m tests.support.lower_allowed"


@pytest.mark.parametrize(
    ("good", "bad", "word"),
    [
        ("quota.seats", "bucket.seats", "bucket"),
        ("def rows_of(unit): pass", "def visible_to_me(unit): pass", "visible_to"),
        ("known = 1", "class Known: pass", "Known"),
        ("raise NotFound", "found = 1", "found"),
        ("standing_answer = StandingAnswers()", "standing = 1", "standing"),
        ("founder = wishful = untold", "x = Told_lines(a=1)", "told"),
        ("from typing import cast", "def test(cast: Cast): pass", "Cast"),
        ("import foundry", "from queries import told_lines", "told"),
    ],
)
def test_a_banned_word_is_found_in_identifiers(good: str, bad: str, word: str, tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    counted = []
    for code in (good, bad):
        path.write_text(code)
        counted.append(sum(wording.count_identifiers([path], {word}).values()))

    assert counted == [0, 1]


def test_a_banned_word_is_found_in_docstrings_comments_and_documents_but_not_in_code(tmp_path: Path) -> None:
    code, page = tmp_path / "a.py", tmp_path / "a.md"
    code.write_text('"""Nobody waits."""\nnobody = "nobody"  # nobody, nobody-else and nobodyness\n')
    page.write_text("Nobody but `nobody`.\n```\nnobody\n```\n")

    assert wording.count_prose([code, page], {"nobody"}) == {"nobody": 3}


def test_a_banned_word_is_found_in_the_name_of_a_file(tmp_path: Path) -> None:
    pages = [tmp_path / "doors.html", tmp_path / "outdoors.html"]

    assert wording.count_identifiers(pages, {"doors"}) == {"doors": 1}


def test_a_word_still_allowed_is_a_banned_one() -> None:
    assert set(still_allowed.NAMES) - set(banned_words.NAMES) == set()
    assert set(still_allowed.PROSE) - set(banned_words.PROSE) == set()
    assert set(still_allowed.SIZES) - set(measure_code()) == set()


@pytest.mark.parametrize("ending", ["html", "js", "py", "md"])
def test_screens_and_documents_call_things_as_the_glossary_does(ending: str) -> None:
    wrong = re.compile("|".join(TERMS))

    found = {str(path.relative_to(ROOT)): wrong.findall(path.read_text()) for path in files(ending)}

    assert {path: terms for path, terms in found.items() if terms} == {}
