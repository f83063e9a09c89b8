"""The administrative divisions of the country, for families from another province. (R1.08; GB/T 2260)"""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from yangguang import reference

_FILE = Path(reference.__file__).parent / "china_divisions.csv"
_UNDER_PROVINCE = "省直辖"


def provinces() -> list[tuple[str, str]]:
    """(code, name) of the provinces in the order of the codes."""
    return [(code, name) for code, (name, level, _) in _places().items() if level == "province"]


def counties(province: str) -> dict[str, list[tuple[str, str]]]:
    """(code, name) of the counties of one province by city; a division without counties is its own county."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, name in _leaves(province):
        parent = _places()[code][2]
        above = _places()[parent][0] if parent not in ("", province) else _UNDER_PROVINCE
        groups.setdefault(above, []).append((code, name))
    return groups


def name_of_place(code: str) -> str:
    """From the province down: "四川省成都市锦江区"; "" for an unknown code."""
    name, _, parent = _places().get(code, ("", "", ""))
    above = name_of_place(parent) if parent else ""
    return above if above.endswith(name) else above + name


def _leaves(province: str) -> Iterator[tuple[str, str]]:
    parents = {parent for _, _, parent in _places().values()}
    for code, (name, _, _) in _places().items():
        if code[:2] == province[:2] and code not in parents:
            yield code, name


@cache
def _places() -> dict[str, tuple[str, str, str]]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: (row["name"], row["level"], row["parent"]) for row in csv.DictReader(file)}
