"""The words a file is written in: its identifiers, and its prose; `test_words` compares both."""

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

# `plan_line`, `PlanLine` and `PLAN_LINE` are the same two words.
PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# Standard terms that contain a word which is banned elsewhere.
TERMS = re.compile(" (not found|standing answers?|standinganswer)(?= )")
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def identifiers_of(source: str) -> Iterator[str]:
    """Every identifier as often as it stands in a Python file: names, attributes, arguments, imports."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield name
            case ast.keyword(arg=str(name)) | ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.alias(name=name, asname=other):
                yield from (other or name).split(".")


def words_of(identifier: str) -> str:
    """The words of an identifier in lower case: `PlanLine` → " plan line "."""
    return " " + " ".join(part.lower() for part in PARTS.findall(identifier)) + " "


def is_in(banned: str, identifier: str) -> bool:
    """Whether the banned name is the identifier (when it has a capital), or a row of its words."""
    if banned != banned.lower():
        return banned == identifier
    return words_of(banned) in TERMS.sub("", words_of(identifier))


def prose_of(path: Path) -> str:
    """The prose of a file: of Python the docstrings and comments, of documents the text without code."""
    text = path.read_text()
    if path.suffix == ".md":
        return re.sub(r"```.*?```|`[^`\n]*`", " ", text, flags=re.S)
    docs = [
        ast.get_docstring(node, clean=False) or "" for node in ast.walk(ast.parse(text)) if isinstance(node, DOCUMENTED)
    ]
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return "\n".join([*docs, *(token.string for token in tokens if token.type == tokenize.COMMENT)])


def count_identifiers(paths: list[Path], banned: set[str]) -> Counter[str]:
    """How often each banned name stands in the names of files and in the identifiers of the Python files."""
    seen = Counter(path.stem for path in paths)
    for path in paths:
        seen.update(identifiers_of(path.read_text()) if path.suffix == ".py" else ())
    counts: Counter[str] = Counter()
    for name, times in seen.items():
        counts.update({word: times for word in banned if is_in(word, name)})
    return counts


def count_prose(paths: list[Path], banned: set[str]) -> Counter[str]:
    """How often each banned word stands in prose, however it is capitalised."""
    pattern = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, sorted(banned)))})(?![\w-])", re.I)
    return Counter(hit.lower() for path in paths for hit in pattern.findall(prose_of(path)))


def count_lines(paths: list[Path], pattern: str) -> int:
    """How many lines hold the pattern."""
    return sum(bool(re.search(pattern, line)) for path in paths for line in path.read_text().splitlines())
