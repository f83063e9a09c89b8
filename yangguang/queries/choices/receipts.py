"""The proof of a receipt: its entry of the log and the links to the first daily root that holds it. (F-N2)"""

from collections.abc import Sequence
from typing import Any

from yangguang.models import AuditRoot, ChoiceVersion
from yangguang.postgres.sql import fetch_all, fetch_one
from yangguang.queries.audit.log_chain import COLUMNS, GENESIS, canonical_json, digest_entry, to_entry
from yangguang.rules.choices.receipts import receipt_content

_ENTRY = f"""
SELECT {", ".join(COLUMNS)} FROM yangguang_auditentry
WHERE person = %s AND action IN ('choices.submit', 'dispute.decide') AND outcome = 'DONE'
  AND facts ->> 'receipt' = %s
ORDER BY id LIMIT 1
"""
_AFTER = f"""
SELECT {", ".join(COLUMNS)} FROM yangguang_auditentry
WHERE shard = %s AND position > %s AND position <= %s ORDER BY position
"""
_LINK = "SELECT link FROM yangguang_auditentry WHERE shard = %s AND position = %s"
_CODES = """
SELECT l.code FROM unnest(%s::bigint[]) WITH ORDINALITY AS w (programme, rank)
JOIN yangguang_programme AS l ON l.id = w.programme ORDER BY w.rank
"""


def programme_codes(programmes: Sequence[int]) -> list[str]:
    """Codes of the programmes (row ids), in the same order; one query."""
    return [row.code for row in fetch_all(_CODES, (list(programmes),))]


def build_proof(version: ChoiceVersion) -> dict[str, Any] | None:
    """The proof file of a version as `rules.choices.receipts.check_receipt` reads it; None before the next daily root.

    Five queries, besides the entries of one chain and one day.
    """
    entry = _fetch_entry(version)
    root = None if entry is None else _fetch_root(entry["shard"], entry["position"])
    if entry is None or root is None:
        return None
    shard, position = entry["shard"], entry["position"]
    codes = programme_codes(version.programmes)
    previous = fetch_one(_LINK, (shard, position - 1))
    facts, head = canonical_json(entry)
    later = fetch_all(_AFTER, (shard, position, root.heads[shard][0]))
    return {
        "what": "阳光招生志愿回执证明",
        "receipt": {
            "code": version.receipt,
            "content": receipt_content(version.application.number, version.number, codes, entry["at"]),
        },
        "entry": {"head": head, "facts": facts},
        "chain": {
            "before": (GENESIS if previous is None else bytes(previous.link)).hex(),
            "after": [digest_entry(to_entry(values))[1].hex() for values in later],
        },
        "heads": root.heads,
        "day": f"{root.day:%Y-%m-%d}",
    }


def first_root_after(version: ChoiceVersion) -> AuditRoot | None:
    """The first daily root that holds the version's entry, None before it."""
    entry = _fetch_entry(version)
    return None if entry is None else _fetch_root(entry["shard"], entry["position"])


def _fetch_entry(version: ChoiceVersion) -> dict[str, Any] | None:
    row = fetch_one(_ENTRY, (version.application.person_id, version.receipt))
    return None if row is None else to_entry(row)


def _fetch_root(shard: int, position: int) -> AuditRoot | None:
    holds_entry = "(heads -> %s ->> 0)::bigint >= %s"
    rows = AuditRoot.objects.extra(where=[holds_entry], params=[shard, position])
    root: AuditRoot | None = rows.order_by("day").first()
    return root
