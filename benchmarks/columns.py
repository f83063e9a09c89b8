"""One column of the table in its own process, so that its memory is its own.

`python -m benchmarks.columns COLUMN FILE`: a document when it is ready, one for every line on stdin, one at the end.
"""

import ctypes
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter

import numpy as np

from benchmarks.instances import Array, arrays_in, with_quotas

Run = Callable[[], tuple[dict[str, float], Array]]
"""One run: seconds by name, "s" being the whole, and the choice of everyone."""

SOURCE = Path(__file__).with_name("limit.c")


def timed(work: Callable[[], Array]) -> tuple[dict[str, float], Array]:
    began = perf_counter()
    match = work()
    return {"s": perf_counter() - began}, match


def ours(path: Path) -> Run:
    from yangguang.engine.match_file import read_problem
    from yangguang.engine.matcher import compile_loops, match_problem

    problem = read_problem(path)
    compile_loops()
    return lambda: timed(lambda: match_problem(problem).choice)


def quotas(path: Path) -> Run:
    from yangguang.engine.match_file import read_problem
    from yangguang.engine.matcher import compile_loops, match_problem

    problem = with_quotas(read_problem(path))
    compile_loops()
    return lambda: timed(lambda: match_problem(problem).choice)


def compiler() -> str | None:
    """A C compiler, if there is one."""
    return shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")


def limit(path: Path) -> Run:
    """The C loop, compiled here and now for this very processor, as numba does with ours."""
    command = compiler()
    if command is None:
        raise SystemExit("没有 C 编译器")
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder) / "limit.so"
        flags = ["-O3", "-march=native", "-shared", "-fPIC"]
        subprocess.run([command, *flags, "-o", str(built), str(SOURCE)], check=True)
        loop = ctypes.CDLL(str(built)).settle
    pref, key, quota = arrays_in(path)
    sizes = [ctypes.c_int64(size) for size in (*pref.shape, len(quota))]

    def work() -> Array:
        match = np.empty(len(pref), np.int32)
        assert loop(*sizes, *(ctypes.c_void_p(one.ctypes.data) for one in (pref, key, quota, match))), "内存不够"
        return match

    return lambda: timed(work)


def rules(path: Path) -> Run:
    """The published reference on its rows; it also ranks all choices and explains each of them."""
    from yangguang.rules.plans.quotas import Mode, ProgrammeSeats, Quota, Tie
    from yangguang.rules.runs.matching_types import Applicant, Choice
    from yangguang.rules.runs.memory import collector_paused
    from yangguang.rules.runs.ranked_round import explain_round
    from yangguang.rules.runs.ranking import build_market

    pref, key, quota = (one.tolist() for one in arrays_in(path))
    programmes = [
        ProgrammeSeats(n, (Quota("general", seats, Mode.AT_LEAST, 1, None, Tie.LOTTERY),))
        for n, seats in enumerate(quota)
    ]
    codes, persons, people = ("general",), len(pref), []
    for i, (chosen, keys) in enumerate(zip(pref, key, strict=True)):
        score, draw = (-(keys[0] // persons),), f"{keys[0] % persons:010d}"
        choices = tuple(Choice(programme, score, draw, codes) for programme in chosen)
        people.append(Applicant(f"{i:010d}", choices))
    del pref, key

    @collector_paused()
    def run() -> tuple[dict[str, float], Array]:
        # `rules.runs.ranked_round.match_round`, with a clock in the middle.
        began = perf_counter()
        market = build_market(people, programmes)
        ranked = perf_counter()
        market.run()
        matched = perf_counter()
        rows = explain_round(people, programmes, market).placements
        seconds = {"s": perf_counter() - began, "matching": matched - ranked}
        return seconds, np.array([-1 if row.rank is None else row.rank - 1 for row in rows], np.int32)

    return run


def package(path: Path) -> Run:
    """The PyPI package `matching`: only its algorithm is timed, not the making of its players."""
    from matching.algorithms import hospital_resident
    from matching.games.hospital_resident import _make_players

    pref, key, quota = arrays_in(path)
    chosen = {i: row for i, row in enumerate(pref.tolist())}
    named: list[list[int]] = [[] for _ in quota]
    for i in np.argsort(key[:, 0]).tolist():
        for line in chosen[i]:
            named[line].append(i)
    applied = {line: people for line, people in enumerate(named) if people}
    seats = {line: int(quota[line]) for line in applied}

    def run() -> tuple[dict[str, float], Array]:
        # `HospitalResident` would copy its players first, deeper than Python's stack goes from some thousands on.
        residents, hospitals = _make_players(chosen, applied, seats)
        began = perf_counter()
        solved = hospital_resident(residents, hospitals, "resident")
        seconds = {"s": perf_counter() - began}
        match = np.full(len(chosen), -1, np.int32)
        for line, people in solved.items():
            for one in people:
                match[one.name] = chosen[one.name].index(line.name)
        return seconds, match

    return run


COLUMNS: dict[str, Callable[[Path], Run]] = {
    "ours": ours,
    "limit": limit,
    "quotas": quotas,
    "rules": rules,
    "package": package,
}


def peak() -> float:
    """The most this process has held since its program began, MB; rusage would count the parent's, too."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise SystemExit("/proc/self/status 没有 VmHWM")


def write(document: dict[str, object]) -> None:
    print(json.dumps(document), flush=True)


def main(arguments: Sequence[str]) -> None:
    name, path = arguments
    began = perf_counter()
    run = COLUMNS[name](Path(path))
    write({"load": perf_counter() - began})
    match: Array = np.zeros(0, np.int32)
    for _ in sys.stdin:
        seconds, match = run()
        write(dict(seconds))
    digest = hashlib.sha256(match.astype("<i4").tobytes()).hexdigest()
    write({"peak": peak(), "placed": int((match >= 0).sum()), "digest": digest})


if __name__ == "__main__":
    main(sys.argv[1:])
