"""`yangguang load-directory [DIR]`: the units, schools, rules, seasons, rounds and windows of a province."""

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from yangguang import reference
from yangguang.actions.organisation import directory
from yangguang.actions.organisation.directory_files import read_directory
from yangguang.management.console import refusals_as_errors
from yangguang.rules.accounts.actors import CONSOLE


class Command(BaseCommand):
    help = "载入单位、学校、规则行、违规情形、招生季、批次和开放时间（CSV）；重复载入不改变已有内容"

    def add_arguments(self, parser: ArgumentParser) -> None:
        default = Path(reference.__file__).parent
        parser.add_argument("folder", nargs="?", type=Path, default=default, metavar="DIR", help="放 CSV 的目录")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: object, folder: Path, **options: object) -> None:
        with refusals_as_errors(self, as_json=bool(options["json"])):
            written = directory.load(by=CONSOLE, **read_directory(folder))
        summary = "、".join(f"{name} {count}" for name, count in written.items())
        self.stdout.write(json.dumps(written) if options["json"] else f"已写入：{summary}")
