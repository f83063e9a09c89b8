"""From a file with an instance to its match, by the engine or by the published reference; with the times taken."""

import os
import re
import resource
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import numpy as np

from yangguang.engine.instance import list_choices, market_from_problem, problem_from_market, read_instance
from yangguang.engine.matcher import compile_loops, match_problem
from yangguang.engine.problem import Problem, Shorts
from yangguang.rules.base.refusals import Refused
from yangguang.rules.runs.matching import Market

ENGINES = FAST, REFERENCE = ("fast", "reference")


@dataclass(frozen=True, slots=True)
class FileMatch:
    """The match of a file: `choice` int32[N], from 0 or −1; numbers of choices and programmes; seconds by step."""

    choice: Shorts
    choices: int
    programmes: int
    seconds: dict[str, float]


def match_file(path: Path, engine: str) -> FileMatch:
    """Read, compile if need be, and match.

    Args:
        engine: FAST, or REFERENCE for `rules.runs.matching`.
    Raises:
        Refused: a fault in the file, or more than fits into the memory.
    """
    times = [perf_counter()]
    try:
        instance = read_instance(path)
        if engine == REFERENCE:
            market = market_from_problem(instance) if isinstance(instance, Problem) else instance
            times += [perf_counter()] * 2
            market.run()
            choice = list_choices(market)
        else:
            problem = problem_from_market(instance) if isinstance(instance, Market) else instance
            times.append(perf_counter())
            compile_loops()
            times.append(perf_counter())
            choice = match_problem(problem).choice
    except MemoryError as error:
        raise Refused("内存不够，没有算完", now="请换一台内存更大的机器") from error
    times.append(perf_counter())
    seconds = [round(end - begin, 6) for begin, end in pairwise(times)]
    if isinstance(instance, Market):
        choices, programmes = len(instance.programme), len(instance.programmes)
    else:
        choices, programmes = len(instance.path), len(instance.seats)
    return FileMatch(choice, choices, programmes, dict(zip(("load", "compile", "solve"), seconds, strict=True)))


def write_match(path: Path, choice: Shorts) -> None:
    """Write the array `match` as npz, all of it or nothing.

    Raises:
        Refused: the place cannot be written to.
    """
    temporary = ""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as stream:
            temporary = stream.name
            np.savez(stream, match=choice)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except OSError as error:
        with suppress(OSError):
            os.unlink(temporary)
        raise Refused(f"写不了 {path}：{error.strerror or error}", now="请换一个位置") from error


def peak_memory() -> int:
    """The most memory this process has had since its program began, MB."""
    with suppress(OSError):
        # On Linux `getrusage` would include the memory of the parent at the time of the fork.
        found = re.search(r"^VmHWM:\s+(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE)
        if found is not None:
            return int(found[1]) >> 10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak >> 20 if sys.platform == "darwin" else peak >> 10
