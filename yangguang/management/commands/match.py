"""`yangguang match FILE --out FILE`: match the instance in a file, without a database. (docs/mechanisms/engine.md)"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yangguang.engine.match_file import ENGINES, FAST, match_file, peak_memory, write_match
from yangguang.gateways.ciphers import sm3
from yangguang.rules.base.refusals import Refused


class Command(BaseCommand):
    help = "对一个文件（npz 或公布的回放包）计算录取结果；不需要数据库"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="npz 文件，或公布的回放包")
        parser.add_argument("--out", type=Path, required=True, help="结果：.npz（数组 match）")
        parser.add_argument("--engine", choices=ENGINES, default=FAST)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, file: Path, out: Path, engine: str, **options: Any) -> None:
        try:
            if out.suffix != ".npz":
                raise Refused(f"结果文件 {out.name} 应以 .npz 结尾", now="请改文件名")
            match = match_file(file, engine)
            write_match(out, match.choice)
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        persons, placed = len(match.choice), int((match.choice >= 0).sum())
        # The digest is taken over little-endian int32, in the order of the file.
        digest, memory = sm3(match.choice.astype("<i4").tobytes()).hex(), peak_memory()
        document = {
            "engine": engine,
            "applicants": persons,
            "choices": match.choices,
            "lines": match.programmes,
            "placed": placed,
            "seconds": match.seconds,
            "peak_memory_mb": memory,
            "sm3": digest,
        }
        load, compiling, solve = match.seconds.values()
        text = f"{persons} 名考生，录取 {placed} 人；读入 {load:.3f} 秒，编译 {compiling:.3f} 秒，"
        text += f"计算 {solve:.3f} 秒，内存 {memory} MB；结果的 SM3 {digest}"
        self.stdout.write(json.dumps(document) if options["json"] else text)
