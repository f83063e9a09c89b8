"""`yangguang match FILE --out FILE`: match the instance in a file, without a database. (docs/mechanisms/engine.md)"""

import json
from argparse import ArgumentParser
from pathlib import Path
from time import perf_counter

import numpy as np
from django.core.management.base import BaseCommand, CommandError

from yangguang.engine.match_file import read_problem
from yangguang.engine.matcher import compile_loops, match_problem
from yangguang.engine.problem import Shorts
from yangguang.gateways.ciphers import sm3
from yangguang.rules.base.refusals import Refused


class Command(BaseCommand):
    help = "对一个文件（npz 或公布的回放包）计算录取结果；不需要数据库"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="npz 文件，或公布的回放包")
        parser.add_argument("--out", type=Path, required=True, help="结果：.npz（数组 match）")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: object, file: Path, out: Path, **options: object) -> None:
        try:
            document = _match(file, out)
        except (Refused, MemoryError) as fault:
            raise CommandError(str(fault) or "内存不够，没有算完", returncode=2) from fault
        self.stdout.write(json.dumps(document) if options["json"] else _SENTENCE.format(**document))


_SENTENCE = (
    "{applicants} 名考生，录取 {placed} 人；读入 {seconds[load]:.3f} 秒，编译 {seconds[compile]:.3f} 秒，"
    "计算 {seconds[solve]:.3f} 秒；结果的 SM3 {sm3}"
)


def _match(file: Path, out: Path) -> dict[str, object]:
    """Match and write the result; returns what is printed.

    Raises:
        Refused: a fault in the file, or a result that cannot be written.
    """
    if out.suffix != ".npz":
        raise Refused(f"结果文件 {out.name} 应以 .npz 结尾", now="请改文件名")
    seconds, start = {}, perf_counter()
    problem = read_problem(file)
    seconds["load"], start = perf_counter() - start, perf_counter()
    compile_loops()
    seconds["compile"], start = perf_counter() - start, perf_counter()
    choice = match_problem(problem).choice
    seconds["solve"] = perf_counter() - start
    _write(out, choice)
    # The digest is taken over little-endian int32, in the order of the file.
    digest = sm3(choice.astype("<i4").tobytes()).hex()
    sizes = {"applicants": len(choice), "choices": len(problem.path), "placed": int((choice >= 0).sum())}
    return {**sizes, "seconds": seconds, "sm3": digest}


def _write(path: Path, choice: Shorts) -> None:
    """Write the array `match` as npz, all of it or nothing."""
    part = path.with_name(f".{path.name}")
    try:
        with part.open("wb") as stream:
            np.savez(stream, match=choice)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Refused(f"写不了 {path}：{error.strerror or error}", now="请换一个位置") from error
