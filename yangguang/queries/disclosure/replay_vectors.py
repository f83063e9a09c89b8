"""Test vectors of the format of bundles, and the worked example of its page: made up, computed by the code of the
real ones. (F-N1)

Anyone who writes a reader of bundles compares it with these files: those that agree, and those that it must refuse.
"""

import json
from collections.abc import Callable
from functools import cache, partial
from typing import NamedTuple

from yangguang.gateways.ciphers import hmac_sm3, sm3
from yangguang.queries.disclosure.replay import (
    Manifest,
    describe,
    digest_tables,
    list_choices,
    list_considered,
    pack_bundle,
    pack_files,
)
from yangguang.queries.disclosure.vector_cases import CASES, SMALL, Case
from yangguang.queries.runs.input_format import Frozen
from yangguang.rules.disclosure.bundle_format import FORMAT, LIST, NOTHING, ROWS
from yangguang.rules.disclosure.bundle_tables import BundleTables
from yangguang.rules.plans.quotas import ProgrammeSeats
from yangguang.rules.runs.lottery import commitment, draw, joint_seed
from yangguang.rules.runs.matching_types import Applicant, Choice
from yangguang.rules.runs.ranked_round import match_round

FIRST, SECOND, NUMBER = bytes(range(32)), bytes(range(32, 64)), "2026410100000017"
SEED = joint_seed(FIRST, SECOND, sm3)
INDEX = "vectors.json"

Parts = tuple[Manifest, dict[str, bytes]]
"""The manifest and the tables of a bundle."""


class Refusal(NamedTuple):
    """A bundle that a reader has to refuse: the change to the vector `lottery`, and what is wrong with it."""

    name: str
    zh: str
    en: str
    change: Callable[[Manifest, dict[str, bytes]], None]
    keeps_digests: bool = False


def list_example() -> dict[str, str]:
    """The worked example: two parts, the seed out of them, what is published of it, the draw of one number."""
    return {
        "first": FIRST.hex(),
        "second": SECOND.hex(),
        "seed": SEED.hex(),
        "commitment": commitment(SEED, sm3),
        "commitment_of_letters": sm3(SEED.hex().encode()).hex(),
        "number": NUMBER,
        "draw": draw(SEED, NUMBER, sm3),
        "sm3_of_abc": sm3(b"abc").hex(),
    }


@cache
def build_vectors() -> bytes:
    """All vectors as one zip file with an index."""
    bundles = {f"{one.name}.zip": pack_bundle(*_build_case(one)) for one in CASES}
    refused = {f"{one.name}.zip": pack_bundle(*_build_refusal(one)) for one in REFUSALS}
    index = {
        "format": FORMAT,
        "example": list_example(),
        "bundles": [
            {"file": f"{one.name}.zip", "agrees": isinstance(one, Case), "zh": one.zh, "en": one.en}
            for one in (*CASES, *REFUSALS)
        ],
    }
    text = json.dumps(index, ensure_ascii=False, indent=1)
    return pack_files({INDEX: text.encode(), **bundles, **refused})


def _build_case(case: Case) -> Parts:
    codes = sorted(case.programmes)
    seats = [ProgrammeSeats(at, case.programmes[code], case.caps.get(code)) for at, code in enumerate(codes, 1)]
    applicants = _list_applicants(case, codes)
    placed = {row.number: row for row in match_round(applicants, seats).placements}
    choices = list_choices(Frozen(codes=codes, seats=seats, applicants=applicants))
    considered = {
        number: [one for one in list_considered(row, placed[number].rank) if one.code not in case.absent]
        for number, row in choices.items()
    }
    draft = BundleTables(
        mac=partial(hmac_sm3, bytes(32)),
        programmes=dict(zip(codes, seats, strict=True)),
        named=codes,
        masked=case.masked,
        left_out=case.absent,
        withheld=case.withheld,
        considered=considered,
        quotas={number: row.quota for number, row in placed.items() if row.quota is not None},
        kinds={number: kinds for number, (_, kinds, _) in zip(choices, case.applicants, strict=True)},
        small=SMALL,
    )
    tables, numbers = draft.write()
    return _list_facts(case.en) | describe(draft, tables, numbers), tables


def _list_applicants(case: Case, codes: list[str]) -> list[Applicant]:
    applicants = []
    for at, (score, kinds, wanted) in enumerate(case.applicants, 1):
        number = f"{at:016}"
        drawn = draw(SEED, number, sm3)
        choices = (Choice(codes.index(code) + 1, (score,), drawn, tuple(kinds)) for code in wanted)
        applicants.append(Applicant(number, tuple(choices)))
    return applicants


def _list_facts(name: str) -> Manifest:
    round = {"year": 2026, "term": "autumn", "number": 1, "name": name, "kind": "ranked"}
    return {
        "round": round | {"max_choices": 6, "max_majors_per_school": 6},
        "run": {"number": 1, "program": "test vector", "input_hash": "", "output_hash": "", "published_at": ""},
        "lottery": {"seed": SEED.hex(), "commitment": commitment(SEED, sm3)},
        "rules": [],
    }


def _build_refusal(refusal: Refusal) -> Parts:
    """The changed vector, with new digests unless the change is to a digest."""
    manifest, tables = _build_case(CASES[0])
    refusal.change(manifest, tables)
    if not refusal.keeps_digests:
        manifest |= digest_tables(tables)
    return manifest, tables


def _replace_seed(manifest: Manifest, _: dict[str, bytes]) -> None:
    manifest["lottery"]["seed"] = sm3(SEED).hex()


def _commit_to_letters(manifest: Manifest, _: dict[str, bytes]) -> None:
    manifest["lottery"]["commitment"] = sm3(manifest["lottery"]["seed"].encode()).hex()


def _count_row_more(manifest: Manifest, _: dict[str, bytes]) -> None:
    manifest["numbers"]["rows"] += 1


def _swap_seats(_: Manifest, tables: dict[str, bytes]) -> None:
    """The first row without a seat and the first with one exchange what they have."""
    heading, *rows = [line.split("\t") for line in tables[LIST].decode().splitlines()]
    seated = next(row for row in rows if row[1] != NOTHING)
    other = next(row for row in rows if row[1] == NOTHING)
    seated[1:], other[1:] = other[1:], seated[1:]
    tables[LIST] = "".join("\t".join(row) + "\n" for row in [heading, *rows]).encode()


def _rename_column(_: Manifest, tables: dict[str, bytes]) -> None:
    tables[ROWS] = tables[ROWS].replace(b"kinds", b"quota", 1)


def _change_place(_: Manifest, tables: dict[str, bytes]) -> None:
    tables[ROWS] = tables[ROWS].replace(b":1\n", b":9\n", 1)


REFUSALS = (
    Refusal("bad-seed", "种子不是承诺的那一个", "the seed does not open the commitment", _replace_seed),
    Refusal("bad-letters", "承诺是对 64 个字母求的", "the commitment hashes 64 letters", _commit_to_letters),
    Refusal("bad-number", "清单里的行数不对", "the number of rows is wrong", _count_row_more),
    Refusal("bad-list", "两行的录取互换", "two rows exchange their seats", _swap_seats),
    Refusal("bad-column", "表头的列名不对", "a column has another name", _rename_column),
    Refusal(
        "bad-digest", "表改了，摘要没有改", "a table changed, its digest did not", _change_place, keeps_digests=True
    ),
)
