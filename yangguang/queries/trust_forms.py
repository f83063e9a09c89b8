"""Invariants of the monthly forms: sums, rates and seals computed again, by other code than made them. (trust.md)"""

import json
from collections.abc import Iterator
from typing import Any

from yangguang.gateways.ciphers import sm3
from yangguang.queries.rows import fetch_all
from yangguang.rules.targets import completion_rate, say_rate

_REPORTS = """
SELECT id, form, rows::text, correction::text, digest FROM yangguang_monthlyreport
WHERE NOT %s OR state IN ('SEALED', 'SENT') ORDER BY id
"""
_PARTS = {
    "CITY": ("secondary", "three_plus_two", "five_year", "one_year"),
    "PROVINCE": ("vocational", "technician"),
}


def _reports(sealed: bool) -> Iterator[tuple[int, str, list[dict[str, Any]], Any, str]]:
    for key, form, rows, correction, digest in fetch_all(_REPORTS, (sealed,)):
        yield key, form, json.loads(rows), json.loads(correction or "null"), digest


def counted_wrong() -> Iterator[str]:
    """Reports whose total is not the sum of its parts, or whose rate is not counted ÷ target."""
    for key, form, rows, _, _ in _reports(False):
        for row in rows:
            parts = sum(row[part] or 0 for part in _PARTS[form])
            rate = say_rate(completion_rate(row["counted"], row["target"]))
            if row["total"] != parts or row["completion"] != rate or not 0 <= row["counted"] <= row["total"]:
                yield f"report:{key}"


def seals_broken() -> Iterator[str]:
    """Sealed reports that are no longer what was sealed."""
    for key, _, rows, correction, digest in _reports(True):
        body = [*rows, {"correction": correction}]
        spelled = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if sm3(spelled.encode()).hex() != digest:
            yield f"report:{key}"
