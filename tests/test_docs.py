"""The documents tell the truth: whatever they name exists, and the glossary says what the code says."""

import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, get_commands, load_command_class
from django.urls import Resolver404, resolve
from procrastinate.contrib.django import app

from tests import spec_ids
from tests.support import house_rules

ROOT = Path(__file__).resolve().parent.parent
PACKAGE, DOCS = ROOT / "yangguang", ROOT / "docs"
PAGES = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    ROOT / "HOUSE.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "deploy" / "README.md",
    *sorted(DOCS.rglob("*.md")),
]
LINKED = [
    *sorted(ROOT.glob("*.md")),
    *(path for folder in ("benchmarks", "deploy", "docs", "yangguang") for path in (ROOT / folder).rglob("*.md")),
]
# Names of modules are written from here: `rules.runs.matching`.
FLOORS = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
# Where a short path may begin.
BASES = (ROOT, PACKAGE, PACKAGE / "static", PACKAGE / "templates", ROOT / "deploy", ROOT / "tests")
ENDINGS = "py|md|html|css|js|csv|txt|sh|toml|conf|service|example|json"
PATH = re.compile(rf"(?!/)[\w./*-]+(?:\.(?:{ENDINGS})|/)")
MECHANISMS = {
    "actions",
    "audit",
    "counts",
    "engine",
    "imports",
    "jobs",
    "keys",
    "localdb",
    "matching",
    "pages",
    "replay",
    "reviews",
    "runs",
    "scaling",
    "scope",
    "seats",
    "sheets",
    "sql",
    "targets",
    "windows",
}


def spans(text: str) -> list[str]:
    """What stands between back-ticks, fenced blocks left out."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.S))


def rows(text: str) -> Iterator[list[str]]:
    """The cells of every table row, heads and rules left out."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        head = number + 1 < len(lines) and re.fullmatch(r"\|[\s:|-]+\|", lines[number + 1])
        if line.startswith("|") and not head and not re.fullmatch(r"\|[\s:|-]+\|", line):
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))]


@cache
def sources() -> str:
    """All the words of the program and its surroundings."""
    folders = [(PACKAGE, "*.py"), (ROOT / "tests", "*.py"), (PACKAGE, "*.html"), (PACKAGE, "*.csv")]
    paths = [path for folder, ending in folders for path in folder.rglob(ending) if path.name != Path(__file__).name]
    paths += [ROOT / "pyproject.toml", ROOT / "Makefile", ROOT / "deploy" / "env.example", *PACKAGE.rglob("*.js")]
    return "\n".join(path.read_text() for path in [*paths, *PACKAGE.rglob("*.css")])


@cache
def names_of_tests() -> frozenset[str]:
    found = (re.findall(r"^ *def (test_\w+)", path.read_text(), re.M) for path in (ROOT / "tests").rglob("*.py"))
    return frozenset(name for names in found for name in names)


@cache
def words() -> frozenset[str]:
    folders = " ".join(str(path.relative_to(ROOT)) for path in (ROOT / "deploy").rglob("*"))
    return frozenset(re.findall(r"\w+", sources() + folders))


def exists(path: str) -> bool:
    """Whether the path, which may hold stars or be a bare file name, leads to something."""
    if any(next(base.glob(path), None) for base in BASES):
        return True
    return "/" not in path and any(next(base.rglob(path), None) for base in (PACKAGE, ROOT / "tests"))


def imports(dotted: str, name: str = "") -> bool:
    """Whether `dotted` is a module of ours, and has `name`."""
    try:
        module = importlib.import_module(f"yangguang.{dotted}")
    except ModuleNotFoundError:
        return False
    return not name or hasattr(module, name)


def runs(command: str) -> bool:
    """Whether our command line takes these words."""
    name, *arguments = command.split()
    owner = get_commands().get(name.replace("-", "_"))
    if owner is None:
        return False
    loaded = load_command_class(owner, name.replace("-", "_")) if isinstance(owner, str) else owner
    if not arguments or not loaded.__module__.startswith("yangguang"):
        return True
    try:
        loaded.create_parser("yangguang", name).parse_args(arguments)
    except (CommandError, SystemExit):
        return False
    return True


def untrue(span: str) -> str:
    """What is wrong with a name in back-ticks; "" when nothing is."""
    if found := re.fullmatch(r"(?:\.venv/bin/)?yangguang (\S.*)", span):
        return "" if "…" in span or runs(found[1]) else "no such command or option"
    if found := re.fullmatch(r"make ([\w-]+)(?: .*)?", span):
        return "" if re.search(rf"^{found[1]}:", (ROOT / "Makefile").read_text(), re.M) else "no such target"
    if spec_ids.ID.fullmatch(span):
        return "" if span in spec_ids.defined() else "no such id"
    if re.fullmatch(r"test_\w+", span):
        return "" if span in names_of_tests() else "no such test"
    if PATH.fullmatch(span) and not span.startswith("var/"):
        return "" if exists(span.rstrip("/")) else "no such file"
    if re.fullmatch(r"/(?!(?:etc|opt|run)/)(?:[\w-]+/)*", span):
        return "" if answers(span) else "no such page"
    if found := re.fullmatch(r"((?:\w+\.)*\w+):(\w+)", span):
        return "" if imports(found[1], found[2]) else "no such function"
    if re.fullmatch(r"[a-z_]+(?:\.[a-z_]+)+", span) and span.split(".")[0] in FLOORS:
        return "" if imports(span) or imports(*span.rsplit(".", 1)) else "no such module"
    return "" if known(span) else "no such name"


def answers(address: str) -> bool:
    try:
        resolve(address)
    except Resolver404:
        return False
    return True


def known(span: str) -> bool:
    """A name is known when each of its words stands somewhere in the program; what is no name is not asked."""
    if not re.fullmatch(r"[A-Za-z_][\w.]*(?:\(\))?", span):
        return True
    return all(word in words() for word in re.findall(r"\w+", span))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_whatever_a_page_names_exists(page: Path) -> None:
    text = page.read_text()
    if page.name == "glossary.md":
        text = re.sub(r"\n## 还没有的词.*?(?=\n## )", "", text, flags=re.S)

    assert [f"{span}: {wrong}" for span in spans(text) if (wrong := untrue(span))] == []


def headings(page: Path) -> set[str]:
    """The anchors of a page's headings, made as the usual readers of Markdown make them."""
    found = re.findall(r"^#+ (.+)$", page.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in found}


def leads(page: Path, link: str) -> bool:
    """Whether a relative link of this page leads to a file, and to a heading of it when it names one."""
    path, _, anchor = link.partition("#")
    target = page.parent / path if path else page
    return target.exists() and (not anchor or anchor in headings(target))


@pytest.mark.parametrize("page", LINKED, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!\w+:|/)([^)\s]+)\)", page.read_text())
    assert [link for link in links if not leads(page, link)] == []


def test_a_link_that_leads_nowhere_is_noticed() -> None:
    page, links = (DOCS / "notices.md", ["notices/S23.md", "notices/S25.md", "spec/domain.md#r2-time", "#r2-time"])

    assert [link for link in links if leads(page, link)] == ["notices/S23.md", "spec/domain.md#r2-time"]


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("yangguang demo --once --json", "yangguang demo --twice"),
        ("yangguang check --deploy", "yangguang fly"),
        ("make demo", "make tea"),
        ("test_whatever_a_page_names_exists", "test_of_nothing"),
        ("yangguang/rules/*/*_states.py", "yangguang/rules/wishes.py"),
        ("actions/base/action.py", "actions/engine.py"),
        ("/schools/", "/palaces/"),
        ("rules.runs.matching:Market", "rules.runs.matching:guess"),
        ("rules.runs.matching", "rules.guessing"),
        ("S23-4.03", "S23-4.93"),
        ("SECRET_KEY", "SECRET_PASSPHRASE_OF_OURS"),
    ],
)
def test_a_true_name_is_told_from_a_false_one(good: str, bad: str) -> None:
    # The bad ones stand in this file only, which is not among the sources.
    assert (untrue(good), untrue(bad) != "") == ("", True)


def test_the_readme_names_the_two_commands_first() -> None:
    fenced = re.findall(r"```\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    assert fenced[0].split("\n") == ["make demo", "make test", ""]


def test_every_mechanism_has_its_page_and_each_says_which_test_would_notice() -> None:
    pages = {page.stem: page.read_text() for page in (DOCS / "mechanisms").glob("*.md")}

    assert set(pages) == MECHANISMS
    silent = [name for name, text in pages.items() if "test" not in text]

    assert sorted(set(silent) - {"pages", "keys"}) == []


def test_the_page_of_jobs_names_every_task_with_its_hour() -> None:
    app.perform_import_paths()
    hours = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    ours = {name for name, task in app.tasks.items() if task.func.__module__.startswith("yangguang.")}

    written = [cells for cells in rows((DOCS / "mechanisms" / "jobs.md").read_text()) if len(cells) == 4]

    assert {cells[0].strip("`"): cells[1].strip("`") for cells in written} == {
        name: hours.get(name, "–") for name in ours
    }


def test_a_decision_is_short_and_says_why_what_and_what_follows() -> None:
    pages = sorted((DOCS / "decisions").glob("*.md"))

    assert [page.name[:4] for page in pages] == [f"{n:04d}" for n in range(1, len(pages) + 1)]
    parts = ["**Context.**", "**Decision.**", "**Consequences.**"]
    faulty = [
        page.name
        for page in pages
        if page.read_text().count("\n") > 30 or re.findall(r"\*\*\w+\.\*\*", page.read_text()) != parts
    ]

    assert faulty == []


def test_every_duty_has_a_test_or_says_honestly_why_not() -> None:
    duties = [cells for cells in rows((DOCS / "compliance.md").read_text()) if len(cells) == 4]
    reasons = re.compile(r"not yet|for people|for the machine room")

    assert len(duties) > 30
    assert [cells[1] for cells in duties if not spans(cells[3]) and not reasons.search(cells[3])] == []


@cache
def on_screen() -> str:
    """Every word the pages may show: templates, labels of forms, terms of the rules and tables."""
    paths = [*(PACKAGE / "templates").rglob("*.html")]
    for folder in ("web", "rules", "models"):
        paths += (PACKAGE / folder).rglob("*.py")
    return "\n".join(path.read_text() for path in paths)


@pytest.mark.parametrize("manual", sorted((DOCS / "manuals").glob("*.md")), ids=lambda path: path.stem)
def test_a_manual_calls_pages_and_buttons_as_the_screen_does(manual: Path) -> None:
    named = re.findall(r"\*\*([^*]+)\*\*", manual.read_text())

    assert named
    assert [name for name in named if name not in on_screen()] == []


LEADS = re.compile(r"(?:请从|请在|请打开|打开|请按|按|请点|点)“([^”{}]+)”")
"""Words before the name of a page or button that a sentence sends the reader to."""


def test_a_page_or_button_to_which_a_sentence_leads_is_there() -> None:
    paths = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html")]
    texts = {str(path.relative_to(PACKAGE)): path.read_text() for path in paths}
    named = {(path, name) for path, text in texts.items() for name in LEADS.findall(text)}
    labels = LEADS.sub("", on_screen())

    assert len(named) > 15
    assert sorted((path, name) for path, name in named if name not in labels) == []


def test_there_is_a_manual_for_everyone() -> None:
    assert {path.stem for path in (DOCS / "manuals").glob("*.md")} == {"student", "school", "bureau", "operator"}


def test_a_word_said_to_be_missing_is_missing() -> None:
    text = (DOCS / "glossary.md").read_text().partition("## 还没有的词")[2].partition("\n## ")[0]
    missing = set(house_rules.glossary(text)) - {"代码"}
    tables = {model.__name__ for model in apps.get_app_config("yangguang").get_models()}

    assert missing
    assert missing & tables == set()
