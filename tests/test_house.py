"""The house rules that no linter ships with, applied to every file; and each rule displayed a file that breaks it."""

import ast
import re
import statistics
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.support import house_rules as rules

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "yangguang"
BANNED = {"utils", "util", "helpers", "helper", "services", "service", "common", "core", "managers", "manager", "misc"}
# The provider compares a signature's time with its own clock; a practice season must not shift that.
READ_TIME = {"clock.py", "gateways/sms.py"}
ABOVE_ACTIONS = ("web", "jobs", "management", "queries", "sheets", "simulation")
HANDS_OFF = ("web", "jobs", "management", "sheets", "simulation")
# SQL of a fact that has one home: the pattern, and the only module whose strings may hold it.
FACTS = {
    "a message is queued": (r"INSERT INTO yangguang_message\b", "enqueue"),
    "whom a person counts as": (r"coalesce\((\w+\.)?(merged_into|root)_id\b", ""),
    "an admission changes its state": (r"UPDATE yangguang_admission\b", "transitions"),
    "which window holds": (r"\bround_id NULLS LAST", ""),
    "which rule is in force": (r"\bvalid_(from|to) [<>]=", ""),
    "which states count": (r"\bstate (NOT )?IN \('", ""),
    "a claim is live": (r"'HELD', 'CONFIRMED'", ""),
    "which measure is in force": (r"yangguang_sanction\b[^;]*\bstarts_at <=", ""),
}
LOCKS = {name: (ROOT / "requirements" / f"{name}.txt").read_text() for name in ("base", "dev")}


def sources(*folders: str) -> list[Path]:
    """Our Python files, migrations left out; of these folders of the package, or all."""
    under = [PACKAGE / folder for folder in folders] or [PACKAGE]
    return sorted(path for folder in under for path in folder.rglob("*.py") if "migrations" not in path.parts)


def complaints(paths: list[Path], rule: Callable[[ast.AST], Iterator[str]]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} {complaint}" for path in paths for complaint in rule(ast.parse(path.read_text()))
    ]


def lines(path: Path) -> int:
    return path.read_text().count("\n")


def test_only_actions_write() -> None:
    assert complaints(sources(*ABOVE_ACTIONS), rules.writes) == []


def test_only_queries_and_actions_hold_a_cursor() -> None:
    assert complaints(sources(*HANDS_OFF), rules.raw_cursors) == []


def test_the_clock_is_the_only_reader_of_time() -> None:
    paths = [path for path in sources() if str(path.relative_to(PACKAGE)) not in READ_TIME]
    assert complaints(paths, rules.readings_of_time) == []


@pytest.mark.parametrize(("pattern", "home"), FACTS.values(), ids=FACTS)
def test_facts_are_said_once_in_sql(pattern: str, home: str) -> None:
    paths = [path for path in sources() if path.stem != home]
    assert complaints(paths, lambda tree: rules.strings_matching(tree, re.compile(pattern))) == []


@pytest.mark.parametrize(
    ("fact", "good", "bad"),
    [
        ("a message is queued", "enqueue_sql('SELECT 1')", "x = f'WITH a AS (INSERT INTO yangguang_message {b})'"),
        ("whom a person counts as", "'SELECT p.root_id'", "'SELECT coalesce(p.merged_into_id, p.id)'"),
        (
            "an admission changes its state",
            "'UPDATE yangguang_admissionrun SET state'",
            "'WITH a AS (UPDATE yangguang_admission AS a SET version = 1)'",
        ),
        (
            "which window holds",
            "'JOIN effective_window(1, 2, %s) AS w ON true'",
            "'WHERE kind = %s ORDER BY round_id NULLS LAST LIMIT 1'",
        ),
        ("which rule is in force", "'SELECT value FROM rule_in_force(%s)'", "'WHERE r.valid_from <= %s'"),
        ("which states count", "f'c.state IN {render_states(LIVE)}'", "\"c.state NOT IN ('HELD')\""),
        (
            "which measure is in force",
            "'FROM measure_in_force(yg_now())'",
            "'FROM yangguang_sanction AS x WHERE x.starts_at <= %s'",
        ),
        ("a claim is live", "'FROM live_claim'", "\"c.state IN ('HELD', 'CONFIRMED')\""),
    ],
)
def test_each_fact_is_found_where_it_is_said_again(fact: str, good: str, bad: str) -> None:
    pattern = re.compile(FACTS[fact][0])

    found = [len(list(rules.strings_matching(ast.parse(code), pattern))) for code in (good, bad)]

    assert found == [0, 1]


def test_pages_fetch_rows_through_for_actor() -> None:
    assert complaints(sources("web"), rules.unscoped_reads) == []


def test_rules_import_the_standard_library_only() -> None:
    assert complaints(sources("rules"), lambda tree: rules.foreign_imports(tree, ("yangguang.rules",))) == []


def test_the_engine_imports_nothing_of_ours_but_rules() -> None:
    def rule(tree: ast.AST) -> Iterator[str]:
        others = frozenset({"numpy", "numba"})
        return rules.foreign_imports(tree, ("yangguang.rules", "yangguang.engine"), others)

    assert complaints(sources("engine"), rule) == []


def test_a_view_has_at_most_20_lines_and_an_action_30() -> None:
    views = complaints(sources("web"), lambda tree: rules.long_functions(tree, 20, "view"))
    actions = complaints(sources("actions"), lambda tree: rules.long_functions(tree, 30, "action"))

    assert views + actions == []


def test_no_file_has_more_than_400_lines() -> None:
    paths = [*sources(), *(ROOT / "tests").rglob("*.py")]
    assert {str(path.relative_to(ROOT)): lines(path) for path in paths if lines(path) > 400} == {}


def test_the_median_file_has_at_most_80_lines() -> None:
    sizes = {str(path.relative_to(ROOT)): lines(path) for path in sources()}
    longest = sorted(sizes, key=lambda name: -sizes[name])[:10]

    assert statistics.median(sizes.values()) <= 80, longest


def test_a_page_template_has_at_most_60_lines() -> None:
    pages = sorted((PACKAGE / "templates").rglob("*.html"))
    assert {str(page.relative_to(PACKAGE)): lines(page) for page in pages if lines(page) > 60} == {}


def test_no_page_holds_inline_script_style_or_handler() -> None:
    pages = sorted((PACKAGE / "templates").rglob("*.html"))
    found = [f"{page.relative_to(PACKAGE)} {line}" for page in pages for line in rules.inline_code(page.read_text())]

    assert found == []


def test_every_file_says_why_it_exists() -> None:
    paths = [*sources(), *(ROOT / "tests").rglob("*.py")]
    silent = [path for path in paths if not (ast.get_docstring(ast.parse(path.read_text())) or "").strip()]

    assert [str(path.relative_to(ROOT)) for path in silent] == []


def test_no_name_says_nothing() -> None:
    paths = [*PACKAGE.rglob("*"), *(ROOT / "tests").rglob("*")]
    assert [str(path.relative_to(ROOT)) for path in paths if path.stem in BANNED] == []


@pytest.mark.parametrize("lock", LOCKS.values(), ids=LOCKS)
def test_every_requirement_is_pinned_with_hashes_and_names_no_host(lock: str) -> None:
    blocks = re.split(r"\n(?=\S)", re.sub(r"^\s*#.*\n", "", lock, flags=re.M).strip())

    assert [
        block for block in blocks if not re.match(r"[\w.\[\],-]+==\S+ .*\n\s+--hash=sha256:[0-9a-f]{64}", block)
    ] == []
    assert re.findall(r"https?:|file:|--(?:extra-)?index|--find-links|/\w+/\w+/", lock) == []


def test_the_program_and_its_tests_lock_the_same_versions() -> None:
    pins = {name: dict(re.findall(r"^([\w.-]+)==(\S+)", lock, re.M)) for name, lock in LOCKS.items()}
    assert {name: pins["dev"].get(name) for name in pins["base"]} == pins["base"]


def test_every_dependency_is_locked_and_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(text)["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    bare = [one for one in wanted if not re.search(rf'^ +# .{{10,}}\n +"{re.escape(one)}"', text, re.M)]
    names = [re.split(r"[ \[<>=]", one)[0].replace("_", "-").lower() for one in wanted]

    assert (bare, [name for name in names if f"\n{name}==" not in "\n" + LOCKS["dev"]]) == ([], [])


def test_every_package_that_is_imported_is_a_dependency_of_its_own() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {"base": project["dependencies"], "dev": project["optional-dependencies"]["dev"]}
    names = {kind: {re.split(r"[ \[<>=]", one)[0].lower() for one in wanted} for kind, wanted in declared.items()}
    makers = packages_distributions()

    def rule(allowed: set[str]) -> Callable[[ast.AST], Iterator[str]]:
        known = frozenset(module for module, made in makers.items() if allowed & {name.lower() for name in made})
        return lambda tree: rules.foreign_imports(tree, ("yangguang", "tests", "benchmarks"), known)

    tests = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]

    assert complaints(sources(), rule(names["base"])) == []
    assert complaints(tests, rule(names["base"] | names["dev"])) == []


def test_nothing_tells_of_the_machine_it_was_written_on() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    telling = re.compile(r"(?<![\w.~])/(?:work|root|home|Users)/\w|pypi\.org|pythonhosted|deb\.debian\.org|npmjs\.")
    found = []
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".txt", ".sh", ".html", ".css", ".js", ""} and path.is_file():
            found += [f"{name}: {hit[0]}" for hit in telling.finditer(path.read_text(errors="ignore"))]

    assert [hit for hit in found if not hit.startswith("tests/test_house.py")] == []


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        (rules.writes, "digest.update(b'x'); rows.get('create')", "Plan.objects.filter(id=1).update(total=3)"),
        (rules.writes, "SQL = 'SELECT 1 FROM plan FOR UPDATE'", "SQL = '''\n  UPDATE plan SET total = 3'''"),
        (rules.writes, "plan.saved", "plan.save()"),
        (rules.writes, "'DELETE 是动词'", "'WITH old AS (SELECT 1)\\nDELETE FROM plan'"),
        (rules.raw_cursors, "cursor = 1", "with connection.cursor() as c: pass"),
        (rules.readings_of_time, "clock.now(); time.perf_counter()", "datetime.now(UTC)"),
        (rules.readings_of_time, "entry.at.date()", "timezone.localdate()"),
        (rules.readings_of_time, "time.monotonic()", "read = time.time"),
        (rules.readings_of_time, "today", "datetime.date.today()"),
        (rules.unscoped_reads, "Plan.objects.for_actor(actor).filter(x=1)", "Plan.objects.filter(x=1)"),
        (lambda t: rules.foreign_imports(t, ("a.b",)), "import re, a.b.c\nfrom . import x", "from a.bc import x"),
        (lambda t: rules.foreign_imports(t, ("a",)), "import a", "import django.db"),
        (lambda t: rules.long_functions(t, 1, "view"), 'def v(request):\n "d"\n\n x', "def v(request):\n x\n y"),
        (lambda t: rules.long_functions(t, 1, "action"), "def f(by):\n x\n y", "@action('a')\ndef f(*, by):\n x\n y"),
    ],
)
def test_each_rule_knows_good_from_bad(rule: Callable[[ast.AST], Iterator[str]], good: str, bad: str) -> None:
    assert (list(rule(ast.parse(good))), len(list(rule(ast.parse(bad))))) == ([], 1)


def test_the_rule_on_pages_knows_good_from_bad() -> None:
    good = '<script src="a.js" nonce="x"></script><link rel="stylesheet"><p class="onboarding">style</p>'
    bad = ["<script>", "<style>", '<p style="x">', '<b onclick="x">', '<a href="javascript:x">']

    assert [len(list(rules.inline_code(text))) for text in (good, *bad)] == [0, 1, 1, 1, 1, 1]


def test_the_glossary_is_read_from_its_table() -> None:
    table = "| 中文 | 代码 | 说明 |\n|---|---|---|\n| 招生计划 | `Plan` | x |\n| 志愿 | `Choice`、choices | |\n"
    assert rules.glossary(table) == {"Plan": "招生计划", "Choice": "志愿", "choices": "志愿"}
