"""What a rule row must be before it is taken: a known key, a value of its kind, cases its key knows. (R2.07)"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from yangguang.rules.applicants.origins import Origin, StudyForm
from yangguang.rules.base.labels import Labelled
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.runs.rounds import RoundKind
from yangguang.rules.seasons.policy_keys import KEYS
from yangguang.rules.seasons.policy_scope import Axis, Scope, format_scope, overlaps, parse_scope

Row = Mapping[str, str]
"""key, value (JSON), applies_to, valid_from, valid_to ("" for no end), as in the file of rule rows."""
_FOREVER = "9999-12-31"
_KINDS: dict[Axis, type[Labelled]] = {
    Axis.PROGRAMME_TYPE: ProgrammeType,
    Axis.STUDY_FORM: StudyForm,
    Axis.ORIGIN: Origin,
    Axis.SECTOR: Sector,
    Axis.ROUND: RoundKind,
}
"""The axes whose values are known; a misspelt one would apply to no case, without an error."""


def find_faults(row: Row) -> Iterator[tuple[str, str]]:
    """Every fault of one row: column, and the Chinese sentence."""
    key = KEYS.get(row["key"])
    if key is None:
        yield "key", f"没有“{row['key']}”这条规则"
        return
    try:
        key.read(json.loads(row["value"]))
    except ValueError as error:
        is_json = not isinstance(error, json.JSONDecodeError)
        yield "value", str(error) if is_json else f'应是 JSON 值：数字、"文字" 或 ["甲", "乙"]，现在是 {row["value"]}'
    try:
        scope = parse_scope(row["applies_to"])
        unknown = set(scope) - key.axes
    except ValueError as error:
        yield "applies_to", str(error)
    else:
        if unknown:
            yield "applies_to", f"这条规则不能按{'、'.join(sorted(axis.label for axis in unknown))}区分"
        yield from _find_unknown_values(scope)
    if row["valid_to"] and row["valid_to"] < row["valid_from"]:
        yield "valid_to", f"停用日期{row['valid_to']}早于起用日期{row['valid_from']}"


def _find_unknown_values(scope: Scope) -> Iterator[tuple[str, str]]:
    for axis, values in scope.items():
        known = [member.label for member in _KINDS.get(axis, ())]
        if known and (wrong := sorted(values.difference(known))):
            yield "applies_to", f"“{axis.label}”没有“{'、'.join(wrong)}”，应是{'、'.join(known)}之一"


def find_clashes(rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """Pairs of rows (positions) that would hold for the same case on the same day, neither more particular.

    A row without an end holds until one with the same scope begins; with an end, it holds until then.

    Args:
        rows: without faults.
    """
    by_key: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        by_key[row["key"]].append(at)
    for positions in by_key.values():
        for one, other in combinations(positions, 2):
            scopes = parse_scope(rows[one]["applies_to"]), parse_scope(rows[other]["applies_to"])
            is_replaced = scopes[0] == scopes[1] and not min(rows[one], rows[other], key=_begin)["valid_to"]
            if not is_replaced and overlaps(*scopes) and _meet(rows[one], rows[other]):
                yield one, other


def to_canonical(row: Row) -> dict[str, str]:
    """The row with its scope in the one spelling in which scopes are compared."""
    return {**row, "applies_to": format_scope(parse_scope(row["applies_to"]))}


def _begin(row: Row) -> str:
    return row["valid_from"]


def _meet(one: Row, other: Row) -> bool:
    ends = one["valid_to"] or _FOREVER, other["valid_to"] or _FOREVER
    return one["valid_from"] <= ends[1] and other["valid_from"] <= ends[0]
