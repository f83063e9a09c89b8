"""`make bench`: the matching at growing sizes, and the public pages on the demonstration's own data."""

import os
import platform
import random
import resource
import statistics
import sys
from pathlib import Path
from time import perf_counter

from yangguang.localdb import database
from yangguang.rules.buckets import Bucket, LineSeats, Mode, Tie
from yangguang.rules.instance import Applicant, Wish
from yangguang.rules.matching import match
from yangguang.rules.verification import verify

ROOT = Path(__file__).resolve().parent.parent
SIZES = ((1_000, 100), (10_000, 600), (100_000, 600))
PAGES = ("/", "/schools/", "/plans/", "/disclosure/", "/rules/", "/calendar/")
RUNS = 5


def instance(people: int, lines: int) -> tuple[list[Applicant], list[LineSeats]]:
    """Applicants × 6 choices over lines of skewed popularity, with many equal scores; seeded, so repeatable."""
    chance = random.Random(people)
    seats = [
        LineSeats(n, (Bucket("general", max(1, people // lines), Mode.AT_LEAST, 1, None, Tie.ALL_WAIT),))
        for n in range(lines)
    ]
    found = []
    for index in range(people):
        chosen = {int(lines * chance.random() ** 2) for _ in range(9)}
        score = (5 * chance.randrange(40, 110),)
        wishes = tuple(
            Wish(line, score, f"{chance.getrandbits(64):016x}", ("general",)) for line in list(chosen)[:6]
        )
        found.append(Applicant(f"{index:08d}", wishes))
    return found, seats


def matching() -> None:
    """The published reference and its verifier: medians of five, microseconds an application."""
    print("| 考生 × 6志愿 / 计划行 | 计算 s | µs/人 | 核验 s | 峰值 MB |\n|---|---|---|---|---|")
    for people, lines in SIZES:
        applicants, seats = instance(people, lines)
        solved, checked = [], []
        for _ in range(RUNS):
            began = perf_counter()
            outcome = match(applicants, seats)
            solved.append(perf_counter() - began)
            began = perf_counter()
            verify(applicants, seats, outcome.placements)
            checked.append(perf_counter() - began)
        median, peak = statistics.median(solved), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"| {people:,} / {lines} | {median:.3f} | {median / people * 1e6:.1f} "
              f"| {statistics.median(checked):.3f} | {peak} |", flush=True)  # fmt: skip


def pages() -> None:
    """Server time of uncached public pages on the demonstration's data, in this process, medians of 25."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yangguang.settings")
    os.environ["YANGGUANG_DEMO"] = "1"
    with database(Path(os.environ.get("YANGGUANG_VAR", ROOT / "var"))) as url:
        os.environ["DATABASE_URL"] = url
        import django

        django.setup()
        from django.core.cache import cache
        from django.test import Client

        client = Client()
        print("\n| 页面（不经缓存） | 中位 ms | 最小 ms | kB |\n|---|---|---|---|")
        for page in PAGES:
            times = []
            for _ in range(26):
                cache.clear()
                began = perf_counter()
                answer = client.get(page)
                times.append((perf_counter() - began) * 1000)
            assert answer.status_code == 200, f"{page}: {answer.status_code}; 请先运行 make demo"
            size = len(answer.content) / 1024
            print(f"| {page} | {statistics.median(times[1:]):.1f} | {min(times[1:]):.1f} | {size:.0f} |")


if __name__ == "__main__":
    print(
        f"{platform.machine()}, {os.cpu_count()} 核, Python {platform.python_version()}, 每项 {RUNS} 次取中位数",
        file=sys.stderr,
    )
    matching()
    pages()
