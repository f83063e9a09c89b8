"""Rounds in the two formats of `yangguang match`: three arrays, and a published bundle."""

import json
import zipfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from yangguang.rules.disclosure import replay
from yangguang.rules.disclosure.bundle_format import FORMAT, LIST, PROGRAMMES, ROWS, format_heading
from yangguang.rules.plans.quotas import ProgrammeSeats
from yangguang.rules.runs.matching import Market
from yangguang.rules.runs.matching_types import Applicant
from yangguang.rules.runs.ranking import build_market, sort_programmes

Arrays = dict[str, npt.NDArray[Any]]
SEED = "00" * 32


def plain_arrays(seed: int, persons: int = 400, programmes: int = 15, choices: int = 6) -> Arrays:
    """Choices with gaps, negative keys, and a programme without seats."""
    chance = np.random.default_rng(seed)
    drawn = chance.random((persons, programmes)) * np.arange(1, programmes + 1)
    pref = np.argsort(drawn, axis=1)[:, :choices].astype(np.int32)
    pref[chance.random(pref.shape) < 0.1] = -1
    key = (chance.permutation(persons)[:, None] - persons // 2 + np.zeros(choices)).astype(np.int64)
    quota = chance.integers(0, persons // programmes + 5, programmes).astype(np.int32)
    quota[0] = 0
    return {"pref": pref, "key": key, "quota": quota}


def write_bundle(path: Path, applicants: Sequence[Applicant], programmes: Sequence[ProgrammeSeats]) -> Market:
    """Write the bundle of a round, with its list; returns the market at the end of its matching.

    Applicants without a choice that takes part are not in it, as everyone in a bundle has one.
    """
    rows = sort_programmes(programmes)
    open_to = {one.programme: {quota.code for quota in one.quotas} for one in rows}
    ranked = []
    for number, choices in applicants:
        left = tuple(one for one in choices if one.barred is None and open_to[one.programme] & set(one.quotas))
        if left:
            ranked.append(Applicant(f"{int(number):016x}", left))
    market = build_market(ranked, rows)
    market.run()
    tables = {
        PROGRAMMES: "\n".join([format_heading(PROGRAMMES), *map(_spell_quotas, rows), ""]),
        ROWS: "\n".join([format_heading(ROWS), *(_spell_row(market, i, one) for i, one in enumerate(ranked)), ""]),
        LIST: "\n".join([format_heading(LIST), *(_spell_admission(market, i) for i in range(len(ranked))), ""]),
    }
    _write_zip(path, tables, _manifest(market, rows, tables))
    return market


def _spell_quotas(one: ProgrammeSeats) -> str:
    cap = "-" if one.cap is None else one.cap
    return "\n".join(
        f"L{one.programme}\t{cap}\t{q.code}\t{q.seats}\t{q.mode}\t{q.priority}\t{q.flows_to or '-'}\t{q.tie}\tshown"
        for q in one.by_priority
    )


def _spell_row(market: Market, row: int, applicant: Applicant) -> str:
    slots = range(market.first[row], market.first[row + 1])
    choices = (f"L{market.programmes[market.programme[i]].code}:{market.place[i]}/{market.tie_group[i]}" for i in slots)
    return f"{applicant.number}\t{','.join(applicant.choices[0].quotas)}\t{' '.join(choices)}"


def _spell_admission(market: Market, row: int) -> str:
    admission = market.admissions().get(row)
    name = market.names[row]
    return f"{name}\t-\t-" if admission is None else f"{name}\tL{market.programmes[admission[0]].code}\t{admission[1]}"


def _manifest(market: Market, rows: Sequence[ProgrammeSeats], tables: dict[str, str]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "round": {"name": "演示", "max_choices": 6},
        "run": {"program": "-"},
        "lottery": {"seed": SEED, "commitment": replay.sm3_hex(bytes.fromhex(SEED))},
        "sha256": {name: sha256(text.encode()).hexdigest() for name, text in tables.items()},
        "sm3": {LIST: replay.sm3_hex(tables[LIST].encode())},
        "held_back": [],
        "numbers": {
            "programmes": len(rows),
            "masked": 0,
            "left_out": 0,
            "rows": len(market.names),
            "seated": len(market.admissions()),
        },
    }


def _write_zip(path: Path, tables: dict[str, str], manifest: dict[str, Any]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in {**tables, "manifest.json": json.dumps(manifest), "README.txt": ""}.items():
            packed.writestr(name, text)
