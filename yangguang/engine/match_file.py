"""From a file with an instance to a file with the match; what `yangguang match` does, with its times."""

import csv
import io
import os
import re
import resource
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import numpy as np

from yangguang.engine.csv_folder import read_folder
from yangguang.engine.instance import Instance
from yangguang.engine.npz_file import read_npz
from yangguang.engine.problem import Shorts
from yangguang.engine.reference import settle_by_rules
from yangguang.rules.base.refusals import Refused

ENGINES = ("fast", "reference")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Matched:
    """The result of one instance; seconds of `load`, `compile` and `solve`."""

    contest: Instance
    offset: Shorts
    seconds: dict[str, float]

    @property
    def match(self) -> Shorts:
        """int32[N]: the choice obtained as the file counts it, from 0, or −1."""
        return self.contest.match(self.offset)


def read(path: Path) -> Instance:
    """The instance at `path`: a folder of csv tables, or an npz file.

    Raises:
        Refused: with the first fault found.
    """
    return read_folder(path) if path.is_dir() else read_npz(path)


def match_file(path: Path, engine: str) -> Matched:
    """Read, compile if need be, and match.

    Args:
        engine: "fast", or "reference" for `rules.runs.matching`.
    Raises:
        Refused: a fault in the file, or more than fits into the memory.
    """
    try:
        contest, load = _timed(lambda: read(path))
        if engine == "reference":
            offset, solve = _timed(lambda: settle_by_rules(contest))
            return Matched(contest, offset, {"load": load, "compile": 0.0, "solve": solve})
        _, compiling = _timed(_warm)
        from yangguang.engine.matcher import match_problem

        settled, solve = _timed(lambda: match_problem(contest.problem))
    except MemoryError as error:
        raise Refused("内存不够，没有算完", now="请换一台内存更大的机器") from error
    seconds = {"load": load, "compile": compiling, "solve": solve}
    return Matched(contest, settled.choice, seconds)


def _warm() -> None:
    """Bring in the compiler and what it keeps for us; only the fast engine needs it."""
    from yangguang.engine.matcher import compile_loops

    compile_loops()


def canonical(match: Shorts) -> bytes:
    """What the hash of a result is taken over: the numbers as little-endian int32, in the order of the file."""
    return match.astype("<i4").tobytes()


def peak_memory() -> int:
    """The most this process has held since its program began, MB."""
    with suppress(OSError):
        # On Linux `getrusage` would count what the parent held when it started us.
        found = re.search(r"^VmHWM:\s+(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE)
        if found is not None:
            return int(found[1]) >> 10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak >> 20 if sys.platform == "darwin" else peak >> 10


def write(path: Path, matched: Matched) -> None:
    """Write the result, all of it or nothing: `.csv` as a table, else npz with `match`.

    Raises:
        Refused: the place cannot be written to.
    """
    temporary = ""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as stream:
            temporary = stream.name
            if path.suffix == ".csv":
                stream.write(_table(matched))
            else:
                np.savez(stream, match=matched.match)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except OSError as error:
        with suppress(OSError):
            os.unlink(temporary)
        raise Refused(f"写不了 {path}：{error.strerror or error}", now="请换一个位置") from error


def _table(matched: Matched) -> bytes:
    """Applicant, choice from 1 and line, the last two empty for who was not placed."""
    contest, problem, table = matched.contest, matched.contest.problem, io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(("applicant", "choice", "line"))
    slots = problem.first[:-1] + matched.offset
    for i, choice in enumerate(matched.match.tolist()):
        applicant = str(i) if contest.applicants is None else contest.applicants[i]
        if choice < 0:
            writer.writerow((applicant, "", ""))
        else:
            line = int(contest.line[slots[i]])
            writer.writerow((applicant, choice + 1, line if contest.names is None else contest.names[line]))
    return table.getvalue().encode()


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    began = perf_counter()
    done = work()
    return done, perf_counter() - began
