"""The way from one entry of the log to a published daily root, as a file that anyone can check. (F-I2, F-N2)"""

from typing import Any

from yangguang.gateways.ciphers import sm3
from yangguang.models import AuditRoot
from yangguang.postgres.sql import fetch_all, fetch_one
from yangguang.queries.audit.log_chain import COLUMNS, GENESIS, canonical_json, digest_entry, to_entry
from yangguang.rules.audit.merkle import format_end, inclusion_path

Proof = dict[str, Any]
_AFTER = f"""
SELECT {", ".join(COLUMNS)} FROM yangguang_auditentry
WHERE shard = %s AND position > %s AND position <= %s ORDER BY position
"""
_LINK = "SELECT link FROM yangguang_auditentry WHERE shard = %s AND position = %s"


def find_root(entry: Proof) -> AuditRoot | None:
    """The first daily root that holds an entry, None before it; the entry by the names of `COLUMNS`."""
    holds_entry = "(heads -> %s ->> 0)::bigint >= %s"
    roots = AuditRoot.objects.extra(where=[holds_entry], params=[entry["shard"], entry["position"]])
    return roots.order_by("day").first()


def build_entry_proof(entry: Proof, root: AuditRoot) -> Proof:
    """The entry, the links from it to the end of its chain on the day of the root, and the digests up to the root.

    `rules.choices.receipts` checks it. Two queries, of which one reads the later entries of one chain and one day.
    """
    shard, position = entry["shard"], entry["position"]
    previous = fetch_one(_LINK, (shard, position - 1))
    facts, head = canonical_json(entry)
    later = fetch_all(_AFTER, (shard, position, root.heads[shard][0]))
    return {
        "entry": {"head": head, "facts": facts},
        "chain": {
            "before": (GENESIS if previous is None else bytes(previous.link)).hex(),
            "after": [digest_entry(to_entry(values))[1].hex() for values in later],
        },
        "path": [node.hex() for node in inclusion_path([format_end(end) for end in root.ends], shard, sm3)],
        "day": f"{root.day:%Y-%m-%d}",
    }
