"""The ids of sentences, features and rules: where each is defined, and which a text uses (docs/spec/README.md)."""

import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PATTERN = r"S2[34]-(?:\d|A\d)\.\d\d|F-[A-Z]\d{1,2}|[RTX]\d{1,2}\.\d\d"
ID = re.compile(rf"(?<![\w.-])(?:{PATTERN})(?![\w-])")
DEFINITION = re.compile(rf"^(?:- |\| )?(?:\*\*)?({PATTERN})(?:\*\*| \|)", re.M)
PAGES = [*sorted((DOCS / "notices").glob("*.md")), *sorted((DOCS / "spec").glob("*.md"))]
TEXTS = {".py", ".md", ".html", ".css", ".js"}


class Sentence(NamedTuple):
    """One numbered sentence of a notice; of a table, the first cell of its head."""

    id: str
    text: str


def sentences_in(text: str) -> list[Sentence]:
    """The numbered sentences of one notice, in order."""
    return [
        Sentence(number, sentence.split(" | ")[0].strip())
        for number, sentence in re.findall(r"^(?:\| )?\*\*(S2[34]-\w+\.\d\d)\*\*(.*)$", text, re.M)
    ]


def definitions_in(text: str) -> list[str]:
    """The ids that a page of docs/notices or docs/spec defines."""
    return DEFINITION.findall(text)


@cache
def defined() -> frozenset[str]:
    """Every id there is."""
    return frozenset(number for page in PAGES for number in definitions_in(page.read_text()))


def unknown_in(text: str) -> list[str]:
    """The ids a text uses that nothing defines."""
    return sorted(set(ID.findall(text)) - defined())


def texts() -> Iterator[Path]:
    """Every file in which an id may stand: code, tests, templates and documents."""
    for folder in ("yangguang", "tests", "benchmarks", "docs", "deploy"):
        yield from (
            path for path in sorted((ROOT / folder).rglob("*")) if path.suffix in TEXTS and "vendor" not in path.parts
        )
    yield from sorted(ROOT.glob("*.md"))


def prose_of(path: Path) -> str:
    """What a file says to its readers: of Python, the comments and the texts in three quotes; of others, all of it."""
    text = path.read_text()
    if path.suffix != ".py":
        return text
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return "\n".join(
        token.string
        for token in tokens
        if token.type == tokenize.COMMENT or (token.type == tokenize.STRING and '"""' in token.string)
    )
