"""Invariants of the monthly forms: sums, rates and seals, computed by separate code. (T3.15, T3.16)"""

import json
from collections.abc import Iterator
from datetime import UTC

from yangguang.gateways.ciphers import sm3
from yangguang.postgres.sql import fetch_all
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.reporting import report_states
from yangguang.rules.reporting.targets import completion_rate, format_rate

_REPORTS = "SELECT id, shape::text, rows::text FROM yangguang_monthlyreport ORDER BY id"
_SEALED = f"""
SELECT r.id, r.form, r.sector, r.year, r.month, u.code AS unit, r.counted_to, r.shape::text, r.shape_source,
       r.rows::text, r.correction::text, r.digest
FROM yangguang_monthlyreport AS r JOIN yangguang_unit AS u ON u.id = r.unit_id
WHERE r.state IN {render_states(report_states.FINAL)} ORDER BY r.id
"""
_NO_PARTS = {"target", "total", "counted", "completion"}


def find_wrong_sums() -> Iterator[str]:
    """Find reports whose total is not the sum of its parts, or whose rate is not counted ÷ target."""
    for pk, shape, rows in fetch_all(_REPORTS):
        columns = {key for key, *_ in json.loads(shape)["columns"]} - _NO_PARTS
        for row in json.loads(rows):
            parts = sum(row[part] or 0 for part in columns)
            rate = format_rate(completion_rate(row["counted"], row["target"]))
            if row["total"] != parts or row["completion"] != rate or not 0 <= row["counted"] <= row["total"]:
                yield f"report:{pk}"


def find_broken_seals() -> Iterator[str]:
    """Find sealed reports that were changed, or moved to another unit, form or month."""
    for row in fetch_all(_SEALED):
        head = {name: getattr(row, name) for name in ("form", "sector", "year", "month", "unit", "shape_source")}
        head["shape"] = json.loads(row.shape)
        head["counted_to"] = row.counted_to.astimezone(UTC).isoformat()
        body = [head, *json.loads(row.rows), {"correction": json.loads(row.correction or "null")}]
        canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if sm3(canonical.encode()).hex() != row.digest:
            yield f"report:{row.id}"
