"""`make mutants`: a sample of faults in rules, queries and actions, and which of them no test notices.

The first run writes which statements each test runs (a run of the suite); `--fresh` writes it again, `--record` does
so for some tests. The sample of a seed stays the same when other code changes; `--go-on` takes up a run that was ended
and tries again what no test noticed.
"""

import argparse
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.mutants.marks import ROOT
from tests.mutants.plugin import DIRTY, KILLED, SURVIVED, UNDECIDED
from tests.mutants.sample import draw

FOLDER = ROOT / "var" / "mutants"
PYTEST = [sys.executable, "-m", "pytest", "-p", "tests.mutants.plugin", "-q", "--no-header", "-p", "no:cacheprovider"]
# Browser journeys, faults and random seasons are slow, and what they run is run by smaller tests, too.
SUITE = ["-m", "not slow and not browser", "--ignore=tests/journeys", "--ignore=tests/faults", "tests"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="make mutants", description="放入小错误，看有没有测试发现")
    parser.add_argument("--count", type=int, default=200, help="放入多少个错误，默认 200")
    parser.add_argument("--seed", type=int, default=1, help="种子；同一种子抽到同样的错误")
    parser.add_argument("--only", default="", help="只抽路径里有这段文字的文件")
    parser.add_argument("--processes", type=int, default=2, help="同时运行几个进程，默认 2")
    parser.add_argument("--fresh", action="store_true", help="重新记录每个测试运行了哪些语句")
    parser.add_argument("--record", nargs="+", default=[], help="只重新记录这些测试")
    parser.add_argument("--go-on", action="store_true", help="接着上次做：没有试过的和没有被发现的")
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    if options.fresh:
        for old in FOLDER.glob("map-*.json"):
            old.unlink()
    if options.record or not list(FOLDER.glob("map-*.json")):
        record(options.record or SUITE, options.processes)
    # What no test noticed at first is tried again by more of them.
    most = 100 if options.go_on else 25
    orders = draw(FOLDER, options.count, options.seed, options.only, most)
    outcomes = carry_out(orders, options.processes, FOLDER / f"seed-{options.seed}.json", go_on=options.go_on)
    print_outcomes(orders, outcomes, options.seed)
    return 0


def record(tests: list[str], processes: int) -> None:
    """Run tests once and write which statements each of them runs."""
    command = [*PYTEST, "-n", str(processes if len(tests) == len(SUITE) else 0), *tests]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "MUTANTS_MAP": str(FOLDER)}, check=False)


def print_outcomes(orders: list[dict[str, Any]], outcomes: dict[str, str], seed: int) -> None:
    """Print each fault that no test noticed, those that could not be tried, and the share of the first."""
    for outcome, words in ((SURVIVED, "没有测试发现"), (UNDECIDED, "没有试成")):
        for order in orders:
            if outcomes.get(order["key"], UNDECIDED) == outcome:
                print(f"{words}：{order['words']}（{len(order['tests'])} 个测试）")
    tried = [outcomes[order["key"]] for order in orders if outcomes.get(order["key"], UNDECIDED) != UNDECIDED]
    survived = tried.count(SURVIVED)
    print(
        f"{len(tried)} 个错误，{survived} 个没有被发现（每百个 {100 * survived / max(len(tried), 1):.1f} 个；"
        f"种子 {seed}）；{len(orders) - len(tried)} 个没有试成"
    )


def carry_out(orders: list[dict[str, Any]], processes: int, file: Path, *, go_on: bool) -> dict[str, str]:
    """Run the processes, each with its share of the faults; gives the outcome of each fault that was tried."""
    done = file.with_suffix(".done")
    _gather(done)
    lines = done.read_text().splitlines() if go_on else []
    killed = [line for line in lines if json.loads(line)["outcome"] == KILLED]
    done.write_text("".join(f"{line}\n" for line in killed))
    left = [order for order in orders if order["key"] not in {json.loads(line)["key"] for line in killed}]
    with ThreadPoolExecutor(processes) as pool:
        parts = [left[at::processes] for at in range(processes)]
        list(pool.map(carry_out_part, parts, [file.with_name(f"{file.stem}.{at}.json") for at in range(processes)]))
    _gather(done)
    return {entry["key"]: entry["outcome"] for entry in map(json.loads, done.read_text().splitlines())}


def _gather(done: Path) -> None:
    """Add what each process has written, in an earlier run that was ended as well, to the file of the seed."""
    with done.open("a") as file:
        for part in sorted(done.parent.glob(f"{done.stem}.*.done")):
            file.write(part.read_text())
            part.unlink()


def carry_out_part(orders: list[dict[str, Any]], file: Path) -> None:
    """Run one process after the other until every fault has been tried."""
    process = start(orders, file)
    while process is not None and (code := process.wait()) == DIRTY:
        process = start(orders, file, again=True)
    if process is not None and code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise RuntimeError(f"pytest 没有跑完（{code}），见 {file.with_suffix('.log')}")


def start(orders: list[dict[str, Any]], file: Path, *, again: bool = False) -> "subprocess.Popen[bytes] | None":
    """Begin with the faults, or go on after a test left something behind; None when nothing is left."""
    done = file.with_suffix(".done")
    finished = {json.loads(line)["key"] for line in done.read_text().splitlines()} if done.exists() else set()
    left = [order for order in orders if order["key"] not in finished]
    if not left:
        return None
    if again:
        left[0]["suspect"] = done.with_suffix(".suspect").read_text()
    file.write_text(json.dumps(left))
    tests = sorted({test.partition("::")[0] for order in left for test, _ in order["tests"]}) or ["tests/mutants"]
    environment = {**os.environ, "MUTANTS_FILE": str(file)}
    with file.with_suffix(".log").open("w") as log:
        return subprocess.Popen([*PYTEST, "-n", "0", *tests], cwd=ROOT, env=environment, stdout=log, stderr=log)


if __name__ == "__main__":
    raise SystemExit(main())
