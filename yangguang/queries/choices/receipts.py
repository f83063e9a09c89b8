"""The receipt of a version, SM3 over what was submitted, and its proof: its entry of the log and the links to the
first daily root that holds it. (F-B5, F-N2)
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from yangguang.gateways.ciphers import sm3
from yangguang.models import AuditRoot, ChoiceVersion, Programme
from yangguang.postgres.sql import fetch_all, fetch_one
from yangguang.queries.audit.log_chain import COLUMNS, GENESIS, canonical_json, digest_entry, to_entry
from yangguang.rules.audit.merkle import format_end, inclusion_path
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


def programme_codes(programmes: Sequence[int]) -> list[str]:
    """Codes of the programmes (row ids), in the same order; one query."""
    codes = dict(Programme.objects.filter(pk__in=programmes).values_list("pk", "code"))
    return [codes[programme] for programme in programmes]


def receipt_of(number: str, version: int, codes: Sequence[str], at: datetime) -> str:
    """The checksum of a version, 64 hexadecimal digits; for the arguments see `receipt_content`."""
    return sm3(receipt_content(number, version, codes, at).encode()).hex()


def build_proof(version: ChoiceVersion) -> dict[str, Any] | None:
    """The proof file of a version as `rules.choices.receipts.check_receipt` reads it; None before the next daily root.

    Five queries, besides the entries of one chain and one day.
    """
    located = _locate(version)
    if located is None:
        return None
    entry, root = located
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
        "path": [node.hex() for node in inclusion_path([format_end(end) for end in root.ends], shard, sm3)],
        "day": f"{root.day:%Y-%m-%d}",
    }


def first_root_after(version: ChoiceVersion) -> AuditRoot | None:
    """The first daily root that holds the version's entry, None before it."""
    located = _locate(version)
    return None if located is None else located[1]


def _locate(version: ChoiceVersion) -> tuple[dict[str, Any], AuditRoot] | None:
    """The version's entry of the log and the first daily root that holds it; None before that root."""
    row = fetch_one(_ENTRY, (version.application.person_id, version.receipt))
    if row is None:
        return None
    entry = to_entry(row)
    holds_entry = "(heads -> %s ->> 0)::bigint >= %s"
    roots = AuditRoot.objects.extra(where=[holds_entry], params=[entry["shard"], entry["position"]])
    root = roots.order_by("day").first()
    return None if root is None else (entry, root)
