"""The matching at growing sizes: every column in its own process, measured in turn, so that noise hits all alike."""

import json
import select
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from benchmarks.columns import COLUMNS
from benchmarks.instances import CHOICES, LARGE, SIZES

RUNS, QUICK_RUNS = 5, 25
PATIENCE = 100.0
# A column that takes minutes a run is not run five times; its cell then says how often.
BUDGET = 120.0
NAMES = {
    "ours": "本引擎",
    "quotas": "本引擎，带类别",
    "limit": "C 循环",
    "rules": "rules.runs.matching",
    "package": "PyPI matching",
}
ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Column:
    """What one process reported for one size; `stopped` is why there is nothing."""

    name: str
    process: subprocess.Popen[str]
    seconds: list[dict[str, float]] = field(default_factory=list)
    end: dict[str, Any] = field(default_factory=dict)
    load: float = 0.0
    stopped: str = ""

    def hear(self, patience: float) -> dict[str, Any]:
        """The next document; the process is ended when it stays silent for longer than that, or is gone."""
        assert self.process.stdout is not None
        until, text = monotonic() + patience, ""
        if select.select([self.process.stdout], [], [], max(0.0, until - monotonic()))[0]:
            text = self.process.stdout.readline()
        if not text:
            silent = self.process.poll() is None
            self.process.kill()
            self.process.wait()
            self.stopped = f"{patience:.0f} s 内没有算完，已停止" if silent else "没有算成"
            return {}
        document: dict[str, Any] = json.loads(text)
        return document

    def tell(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("run\n")
        self.process.stdin.flush()

    def of(self, name: str = "s") -> list[float]:
        return [one[name] for one in self.seconds if name in one]

    @property
    def median(self) -> float | None:
        return statistics.median(self.of()) if self.seconds and not self.stopped else None


def measure(names: Sequence[str], persons: int, lines: int, folder: Path) -> dict[str, Column]:
    """All columns at one size. Each loads before any runs; then they take turns."""
    path = folder / f"{persons}.npz"
    subprocess.run([sys.executable, "-c", _WRITE, str(path), str(persons), str(lines)], cwd=ROOT, check=True)
    columns = {}
    for name in names:
        command = [sys.executable, "-m", "benchmarks.columns", name, str(path)]
        process = subprocess.Popen(command, cwd=ROOT, stdin=-1, stdout=-1, text=True)
        columns[name] = column = Column(name, process)
        column.load = column.hear(600).get("load", 0.0)
    path.unlink()
    for turn in range(QUICK_RUNS):
        for column in columns.values():
            slow = (column.median or 0) > 0.1 or persons > 100_000
            if column.stopped or (turn >= RUNS and slow) or sum(column.of()) > BUDGET:
                continue
            column.tell()
            if seconds := column.hear(PATIENCE if column.name == "package" else 900):
                column.seconds.append(seconds)
    for column in columns.values():
        if not column.stopped:
            assert column.process.stdin is not None
            column.process.stdin.close()
            column.end = column.hear(60)
            column.process.wait()
    _agree(columns)
    return columns


def _agree(columns: dict[str, Column]) -> None:
    """All columns but the one with quotas sizes the same match, or the figures mean nothing."""
    digests = {c.name: c.end["digest"] for c in columns.values() if c.end and c.name != "quotas"}
    assert len(set(digests.values())) <= 1, digests


def table(*, large: bool) -> None:
    """Print the figures, and which of those to reach are reached."""
    with tempfile.TemporaryDirectory() as folder:
        sizes = {}
        for persons, lines in SIZES:
            names = [name for name in COLUMNS if name != "package" or persons <= 100_000]
            print(f"{persons:,} × {CHOICES} …", file=sys.stderr, flush=True)
            sizes[persons, lines] = measure(names, persons, lines, Path(folder))
        if large:
            print(f"{LARGE[0]:,} × {CHOICES} …", file=sys.stderr, flush=True)
            sizes[LARGE] = measure(["ours", "limit", "quotas"], *LARGE, Path(folder))
    head = ["考生 × 6 志愿 / 计划行", *NAMES.values()]
    print("中位秒数（最小值），各列轮流运行：\n")
    _row(head, ["---"] * len(head))
    for (persons, lines), columns in sizes.items():
        _row([f"{persons:,} / {lines:,}", *(_cell(columns.get(name)) for name in NAMES)])
    print("\n每名考生微秒（本引擎、带类别），参考实现只匹配的秒数，本引擎读入并备好的秒数，内存峰值 MB（含读入）：\n")
    memory = [f"{name} MB" for name in NAMES.values()]
    head = ["考生", "µs/人", "µs/人，带类别", "参考实现只匹配 s", "本引擎读入并备好 s", *memory]
    _row(head, ["---"] * len(head))
    for (persons, _), columns in sizes.items():
        each = [_per_person(columns[name], persons) for name in ("ours", "quotas")]
        only = columns["rules"].of("matching") if "rules" in columns else []
        peaks = [f"{c.end['peak']:.0f}" if (c := columns.get(name)) and c.end else "–" for name in NAMES]
        core = f"{statistics.median(only):.3g}" if only else "–"
        _row([f"{persons:,}", *each, core, f"{columns['ours'].load:.2f}", *peaks])
    print()
    for goal, reached in _goals(sizes):
        print(f"- {goal}：{'达到' if reached else '**没有达到**'}")


def _row(*rows: Sequence[str]) -> None:
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)


def _cell(column: Column | None) -> str:
    if column is None:
        return "没有试"
    fewer = f"；{len(column.seconds)} 次" if len(column.seconds) < RUNS else ""
    return column.stopped or f"{column.median:.3g} ({min(column.of()):.3g}{fewer})"


def _per_person(column: Column, persons: int) -> str:
    return "–" if column.median is None else f"{column.median / persons * 1e6:.3f}"


def _goals(sizes: dict[tuple[int, int], dict[str, Column]]) -> list[tuple[str, bool]]:
    """The figures to reach that this run has figures for."""

    def median(size: tuple[int, int], name: str) -> float:
        column = sizes.get(size, {}).get(name)
        return (column.median if column else None) or 0.0

    goals: list[tuple[str, bool]] = []
    million, thousands = SIZES[3], SIZES[1]
    ours, limit, reference = (median(million, name) for name in ("ours", "limit", "rules"))
    goals.append((f"100 万 × {CHOICES} × 12,000 不超过 0.6 s：{ours:.3f} s", 0 < ours <= 0.6))
    if limit:
        goals.append((f"不超过 C 循环的 1.5 倍：{ours / limit:.2f} 倍", ours <= 1.5 * limit))
    if reference:
        goals.append((f"比 rules.runs.matching 快 20 倍：{reference / ours:.0f} 倍", reference >= 20 * ours))
    if package := median(thousands, "package"):
        times = package / median(thousands, "ours")
        goals.append((f"1 万人比 matching 包快 500 倍：{times:.0f} 倍", times >= 500))
    grown = [median(million, name) / 100 / (median(thousands, name) or 1) for name in ("ours", "limit")]
    goal = f"每人用时从 1 万到 100 万人不超过 1.5 倍（n·log n）：{grown[0]:.1f} 倍，C 循环 {grown[1]:.1f} 倍"
    goals.append((goal, grown[0] <= 1.5))
    for size in sizes:
        times = median(size, "quotas") / median(size, "ours")
        goals.append((f"{size[0]:,} 人带类别不超过 2 倍时间：{times:.2f} 倍", times <= 2))
    if LARGE in sizes:
        spent, peak = median(LARGE, "ours"), sizes[LARGE]["ours"].end.get("peak", 0.0)
        goals.append((f"1500 万人不超过 15 s：{spent:.1f} s", 0 < spent <= 15))
        goals.append((f"1500 万人不超过 8 GB（含读入与检查）：{peak / 1024:.1f} GB", 0 < peak <= 8192))
    return goals


_WRITE = """
import sys
from pathlib import Path
from benchmarks.instances import write_instance
write_instance(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
"""
