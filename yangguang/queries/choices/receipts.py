"""The receipt of a version, SM3 over what was submitted, and its proof: its entry of the log and the links to the
first daily root that holds it. (F-B5, F-N2)
"""

from collections.abc import Sequence
from datetime import datetime

from yangguang.gateways.ciphers import sm3
from yangguang.models import AuditRoot, ChoiceVersion, Programme
from yangguang.postgres.sql import fetch_one
from yangguang.queries.audit.entry_proofs import Proof, build_entry_proof, find_root
from yangguang.queries.audit.log_chain import COLUMNS, to_entry
from yangguang.rules.choices.receipts import receipt_content

_ENTRY = f"""
SELECT {", ".join(COLUMNS)} FROM yangguang_auditentry
WHERE person = %s AND action IN ('choices.submit', 'dispute.decide') AND outcome = 'DONE'
  AND facts ->> 'receipt' = %s
ORDER BY id LIMIT 1
"""


def programme_codes(programmes: Sequence[int]) -> list[str]:
    """Codes of the programmes (row ids), in the same order; one query."""
    codes = dict(Programme.objects.filter(pk__in=programmes).values_list("pk", "code"))
    return [codes[programme] for programme in programmes]


def receipt_of(number: str, version: int, codes: Sequence[str], at: datetime) -> str:
    """The checksum of a version, 64 hexadecimal digits; for the arguments see `receipt_content`."""
    return sm3(receipt_content(number, version, codes, at).encode()).hex()


def build_proof(version: ChoiceVersion) -> Proof | None:
    """The proof file of a version as `rules.choices.receipts.check_receipt` reads it; None before the next daily root.

    Five queries, besides the entries of one chain and one day.
    """
    located = _locate(version)
    if located is None:
        return None
    entry, root = located
    codes = programme_codes(version.programmes)
    content = receipt_content(version.application.number, version.number, codes, entry["at"])
    receipt = {"code": version.receipt, "content": content}
    return {"what": "阳光招生志愿回执证明", "receipt": receipt} | build_entry_proof(entry, root)


def first_root_after(version: ChoiceVersion) -> AuditRoot | None:
    """The first daily root that holds the version's entry, None before it."""
    located = _locate(version)
    return None if located is None else located[1]


def _locate(version: ChoiceVersion) -> tuple[Proof, AuditRoot] | None:
    """The version's entry of the log and the first daily root that holds it; None before that root."""
    row = fetch_one(_ENTRY, (version.application.person_id, version.receipt))
    if row is None:
        return None
    entry = to_entry(row)
    root = find_root(entry)
    return None if root is None else (entry, root)
