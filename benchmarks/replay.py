"""How long a laptop needs to check a province: a made-up bundle of that size, run through the public script.

python -m benchmarks.replay [--rows 600000] [--lines 6000]
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import zipfile
from hashlib import sha256
from pathlib import Path
from time import perf_counter

from yangguang.queries.disclosure.replay_script import build_script
from yangguang.rules.disclosure import replay
from yangguang.rules.runs.matching import Market, ProgrammeState, QuotaState

CHOICES = 6
SEED = "00" * 32
HEADS = {
    "programmes.tsv": "programme\tcap\tquota\tseats\tmode\tpriority\tflows_to\ttie\tstate",
    "rows.tsv": "id\tkinds\tchoices",
    "list.tsv": "id\tprogramme\tquota",
}


def tables(rows: int, lines: int, dice: random.Random) -> dict[str, str]:
    """Rows with up to six skewed choices, none of them left out, and fewer seats than people."""
    seats = [dice.randrange(20, 160) for _ in range(lines)]
    codes = [f"L{n:05}" for n in range(lines)]
    said = [HEADS["programmes.tsv"]]
    made = []
    for code, own in zip(codes, seats, strict=True):
        said.append(f"{code}\t-\tgeneral\t{own}\tat_least\t1\t-\tlottery\tshown")
        made.append(ProgrammeState(code, [QuotaState("general", own)]))
    market, count, names = (Market(made), [0] * lines, sorted(f"{dice.getrandbits(64):016x}" for _ in range(rows)))
    general = frozenset(["general"])
    order = list(range(rows))
    dice.shuffle(order)
    choices: list[list[tuple[int, int, int, frozenset[str]]]] = [[] for _ in range(rows)]
    for row in order:
        for line in {int(lines * dice.random() ** 2) for _ in range(CHOICES)}:
            count[line] += 1
            choices[row].append((line, count[line], count[line], general))
        dice.shuffle(choices[row])
    for name, mine in zip(names, choices, strict=True):
        market.add_applicant(name, mine)
    market.run()
    seated = {row: codes[line] for row, (line, _) in market.admissions().items()}
    listed = [f"{name}\t{seated[i]}\tgeneral" if i in seated else f"{name}\t-\t-" for i, name in enumerate(names)]
    told = [
        f"{name}\tgeneral\t{' '.join(f'{codes[line]}:{place}' for line, place, _, _ in mine)}"
        for name, mine in zip(names, choices, strict=True)
    ]
    return {
        "programmes.tsv": "\n".join([*said, ""]),
        "rows.tsv": "\n".join([HEADS["rows.tsv"], *told, ""]),
        "list.tsv": "\n".join([HEADS["list.tsv"], *listed, ""]),
    }


def write(path: Path, parts: dict[str, str]) -> None:
    manifest = {
        "format": replay.FORMAT,
        "round": {"name": "演示", "max_choices": CHOICES},
        "run": {"program": "-"},
        "lottery": {"seed": SEED, "commitment": replay.sm3_hex(bytes.fromhex(SEED))},
        "sha256": {name: sha256(text.encode()).hexdigest() for name, text in parts.items()},
        "sm3": {"list.tsv": replay.sm3_hex(parts["list.tsv"].encode())},
        "held_back": [],
        "numbers": {
            "programmes": parts["programmes.tsv"].count("\n") - 1,
            "masked": 0,
            "left_out": 0,
            "rows": parts["rows.tsv"].count("\n") - 1,
            "seated": parts["list.tsv"].count("\tgeneral\n"),
        },
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in {**parts, "manifest.json": json.dumps(manifest), "README.txt": ""}.items():
            packed.writestr(name, text)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=600_000)
    parser.add_argument("--lines", type=int, default=6_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.zip"
        script = Path(folder) / "replay.py"
        script.write_bytes(build_script())
        write(path, tables(asked.rows, asked.lines, random.Random(7)))
        began = perf_counter()
        code = subprocess.run([sys.executable, "-I", str(script), str(path)]).returncode
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        size = path.stat().st_size / 2**20
    print(f"{asked.rows:,} rows, {asked.lines:,} lines, {size:.0f} MiB, exit code {code}")
    print(f"{perf_counter() - began:.0f} s, {used.ru_utime:.0f} s of processor, {used.ru_maxrss / 1024:,.0f} MiB")
    return code


if __name__ == "__main__":
    sys.exit(main())
