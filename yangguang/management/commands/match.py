"""`yangguang match FILE --out FILE`: the engine on an instance file, with no database at hand. (product.md D1)"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yangguang.engine.match_file import ENGINES, canonical, match_file, peak_memory, write
from yangguang.gateways.ciphers import sm3
from yangguang.rules.base.refusals import Refused


class Command(BaseCommand):
    help = "对一个实例文件（npz 或 csv 文件夹）计算录取结果；不需要数据库"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="npz 文件，或放有 lines.csv 等表的文件夹")
        parser.add_argument("--out", type=Path, required=True, help="结果：.npz（数组 match）或 .csv")
        parser.add_argument("--engine", choices=ENGINES, default="fast")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["out"].suffix not in (".npz", ".csv"):
                raise Refused(f"结果文件 {options['out'].name} 应以 .npz 或 .csv 结尾", now="请改文件名")
            matched = match_file(options["file"], options["engine"])
            write(options["out"], matched)
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        problem, match = matched.contest.problem, matched.match
        document = {
            "engine": options["engine"], "applicants": len(match), "choices": len(problem.way),
            "lines": len(matched.contest.lines), "placed": int((match >= 0).sum()),
            "seconds": {name: round(spent, 6) for name, spent in matched.seconds.items()},
            "peak_memory_mb": peak_memory(), "sm3": sm3(canonical(match)).hex(),
        }  # fmt: skip
        seconds = document["seconds"]
        says = f"{len(match)} 名考生，录取 {document['placed']} 人；读入 {seconds['load']:.3f} 秒，"
        says += f"编译 {seconds['compile']:.3f} 秒，计算 {seconds['solve']:.3f} 秒，"
        says += f"内存 {document['peak_memory_mb']} MB；结果的 SM3 {document['sm3']}"
        self.stdout.write(json.dumps(document) if options["json"] else says)
