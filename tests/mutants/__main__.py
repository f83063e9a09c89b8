"""`make mutants`: a sample of faults in rules, queries and actions, and which of them no test notices.

The first run writes which functions each test calls (a run of the whole suite); `--fresh` writes it again.
"""

import argparse
import ast
import json
import os
import random
import subprocess
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutants.operators import find_mutants
from tests.mutants.plugin import DIRTY, MOST_TESTS, ROOT

FOLDER = ROOT / "var" / "mutants"
PYTEST = [sys.executable, "-m", "pytest", "-p", "tests.mutants.plugin", "-q", "--no-header", "-p", "no:cacheprovider"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="make mutants", description="放入小错误，看有没有测试发现")
    parser.add_argument("--count", type=int, default=200, help="放入多少个错误，默认 200")
    parser.add_argument("--seed", type=int, default=1, help="种子；同一种子抽到同样的错误")
    parser.add_argument("--fresh", action="store_true", help="重新记录每个测试调用了哪些函数")
    parser.add_argument("--only", default="", help="只抽路径里有这段文字的文件")
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    if options.fresh or not list(FOLDER.glob("gw*.json")):
        record()
    orders = draw(options.count, options.seed, options.only)
    results = carry_out(orders)
    survivors = [order for order in orders if results.get(order["id"], "") == ""]
    for order in survivors:
        print(f"没有测试发现：{order['words']}")
    share = 100 * len(survivors) / max(len(orders), 1)
    print(f"{len(orders)} 个错误，{len(survivors)} 个没有被发现（每百个 {share:.1f} 个；种子 {options.seed}）")
    return 0


def record() -> None:
    """Run the suite once and write which functions each test calls."""
    for old in FOLDER.glob("*.json"):
        old.unlink()
    # Browser journeys and faults are slow, and what they call is called by smaller tests, too.
    command = [*PYTEST, "-n", "2", "--ignore=tests/journeys", "--ignore=tests/faults", "tests"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "MUTANTS_MAP": str(FOLDER)}, check=False)


def draw(count: int, seed: int, only: str) -> list[dict[str, object]]:
    """A sample of faults, each with the tests that call its function: the mirrored test file, then the quickest.

    A constant is tried by the tests of all functions of its file and of the files that import from it.
    """
    called: dict[str, list[str]] = defaultdict(list)
    seconds: dict[str, float] = {}
    for file in FOLDER.glob("gw*.json"):
        part = json.loads(file.read_text())
        seconds.update(part["seconds"])
        for name, tests in part["called"].items():
            called[name] += tests
    everything = [
        (path, number, mutant)
        for floor in ("rules", "queries", "actions")
        for path in sorted((ROOT / "yangguang" / floor).rglob("*.py"))
        if only in str(path) and path.name != "engine_warmup.py"  # It only compiles, and gives nothing.
        for number, mutant in enumerate(find_mutants(path))
    ]
    by_file: dict[str, set[str]] = defaultdict(set)
    for name, tests in called.items():
        by_file[name.partition("::")[0]].update(tests)
    importers = find_importers()
    drawn = random.Random(seed).sample(everything, min(count, len(everything)))
    orders: list[dict[str, object]] = []
    for number, (path, position, mutant) in enumerate(drawn):
        relative = str(path.relative_to(ROOT))
        own = set(called.get(f"{relative}::{mutant.owner}", []))
        if not own and not hasattr(mutant.statement, "args"):
            files = [relative, *importers.get(_module_of(path), [])]
            own = {test for file in files for test in by_file[file]}
        tests = sorted(own, key=lambda test: (not _mirrors(test, path), seconds.get(test, 1.0)))[:MOST_TESTS]
        words = f"{relative}:{mutant.line} {mutant.owner}: {mutant.change}"
        orders.append({"id": number, "path": relative, "number": position, "tests": tests, "words": words})
    return orders


def find_importers() -> dict[str, list[str]]:
    """Module → the files that import from it."""
    importers: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "yangguang").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                for module in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names)):
                    importers[module].append(str(path.relative_to(ROOT)))
    return importers


def _module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def _mirrors(test: str, path: Path) -> bool:
    """Whether a test lies in the file that mirrors this one."""
    relative = path.relative_to(ROOT / "yangguang")
    return test.startswith(f"tests/{relative.parent}/test_{relative.name}::")


def carry_out(orders: list[dict[str, object]]) -> dict[object, str]:
    """Run two processes, each with half of the faults; gives the test that noticed each, "" where none did."""
    halves = [orders[0::2], orders[1::2]]
    files = [FOLDER / f"orders{at}.json" for at in range(2)]
    for half, file in zip(halves, files, strict=True):
        file.write_text(json.dumps(half))
        file.with_suffix(".done").unlink(missing_ok=True)
    with ThreadPoolExecutor(2) as both:
        list(both.map(carry_out_half, halves, files))
    lines = [line for file in files for line in file.with_suffix(".done").read_text().splitlines()]
    return {entry["id"]: entry["killer"] for entry in map(json.loads, lines)}


def carry_out_half(orders: list[dict[str, object]], file: Path) -> None:
    """Run one process after the other until every fault of the file has been tried."""
    process = start(orders, file)
    while process.wait() == DIRTY:
        process = start(orders, file, again=True)


def start(orders: list[dict[str, object]], file: Path, *, again: bool = False) -> "subprocess.Popen[bytes]":
    """Begin with the faults of one file, or go on after a test left something behind."""
    done = file.with_suffix(".done")
    finished = {json.loads(line)["id"] for line in done.read_text().splitlines()} if done.exists() else set()
    left = [order for order in orders if order["id"] not in finished]
    if again and left:
        left[0]["again"] = True
        file.write_text(json.dumps(orders))
    tests = sorted({str(test).partition("::")[0] for order in left for test in order["tests"]})  # type: ignore[attr-defined]
    environment = {**os.environ, "MUTANTS_FILE": str(file)}
    return subprocess.Popen([*PYTEST, "-n", "0", *tests], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    raise SystemExit(main())
