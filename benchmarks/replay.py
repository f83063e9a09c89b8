"""Time that a laptop needs to check a province: a made-up bundle of that size, run through the public script.

python -m benchmarks.replay [--rows 600000] [--programmes 6000]
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


def tables(rows: int, programmes: int, dice: random.Random) -> dict[str, str]:
    """Rows with up to six skewed choices, none of them left out, and fewer seats than people."""
    seats = [dice.randrange(20, 160) for _ in range(programmes)]
    codes = [f"L{n:05}" for n in range(programmes)]
    programme_rows = [HEADS["programmes.tsv"]]
    states = []
    for code, number in zip(codes, seats, strict=True):
        programme_rows.append(f"{code}\t-\tgeneral\t{number}\tat_least\t1\t-\tlottery\tshown")
        states.append(ProgrammeState(code, [QuotaState("general", number)]))
    market, count, names = (
        Market(states),
        [0] * programmes,
        sorted(f"{dice.getrandbits(64):016x}" for _ in range(rows)),
    )
    general = frozenset(["general"])
    order = list(range(rows))
    dice.shuffle(order)
    choices: list[list[tuple[int, int, int, frozenset[str]]]] = [[] for _ in range(rows)]
    for row in order:
        for programme in {int(programmes * dice.random() ** 2) for _ in range(CHOICES)}:
            count[programme] += 1
            choices[row].append((programme, count[programme], count[programme], general))
        dice.shuffle(choices[row])
    for name, own in zip(names, choices, strict=True):
        market.add_applicant(name, own)
    market.run()
    seated = {row: codes[programme] for row, (programme, _) in market.admissions().items()}
    list_rows = [f"{name}\t{seated[i]}\tgeneral" if i in seated else f"{name}\t-\t-" for i, name in enumerate(names)]
    choice_rows = [
        f"{name}\tgeneral\t{' '.join(f'{codes[programme]}:{place}' for programme, place, _, _ in own)}"
        for name, own in zip(names, choices, strict=True)
    ]
    return {
        "programmes.tsv": "\n".join([*programme_rows, ""]),
        "rows.tsv": "\n".join([HEADS["rows.tsv"], *choice_rows, ""]),
        "list.tsv": "\n".join([HEADS["list.tsv"], *list_rows, ""]),
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
    parser.add_argument("--programmes", type=int, default=6_000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.zip"
        script = Path(folder) / "replay.py"
        script.write_bytes(build_script())
        write(path, tables(args.rows, args.programmes, random.Random(7)))
        began = perf_counter()
        code = subprocess.run([sys.executable, "-I", str(script), str(path)]).returncode
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        size = path.stat().st_size / 2**20
    print(f"{args.rows:,} rows, {args.programmes:,} programmes, {size:.0f} MiB, exit code {code}")
    print(f"{perf_counter() - began:.0f} s, {used.ru_utime:.0f} s of processor, {used.ru_maxrss / 1024:,.0f} MiB")
    return code


if __name__ == "__main__":
    sys.exit(main())
