"""How a receipt is checked against the daily root with nothing but SM3, so that anyone can repeat it. (F-N2)

A receipt is one entry of one of the 256 chains of the log. The proof holds the entry, the digests of the entries
after it up to the end that the day's root was computed from, and the eight digests that lead from this end to the root.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yangguang.rules.audit.merkle import format_end, root_of_path
from yangguang.rules.audit.sm3 import sm3 as plain_sm3
from yangguang.rules.seasons.windows import SHANGHAI, format_day

Proof = Any
"""The parsed JSON of a file that anyone may have sent."""
Hash = Callable[[bytes], bytes]
CHAINS = 256
"""Chains of the log, and leaves of the tree of a day."""
LONGEST = 2 * 2**20
"""Bytes of a proof file; a day of the busiest chain has some thousands of entries of 64 digits."""


def receipt_content(number: str, version: int, codes: Sequence[str], at: datetime) -> str:
    """The text under the checksum of a receipt: 报名号, version, codes in order, instant in Beijing time."""
    return "\n".join([number, str(version), *codes, at.astimezone(SHANGHAI).isoformat(timespec="seconds")])


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the check: what is compared, and whether it agrees."""

    label: str
    holds: bool


def check_receipt(proof: Proof, root_of: Callable[[str], str | None], sm3: Hash = plain_sm3) -> list[Step]:
    """Check a proof file.

    Args:
        proof: of a receipt (`queries.choices.receipts`) or of a bundle (`queries.disclosure.bundles`); anything else
            gives one failed step.
        root_of: the published root of a day ("2024-08-02") in hex, or None.
    Returns:
        the steps in order; all of them hold for a true receipt.
    """
    try:
        return list(_steps(proof, root_of, sm3))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError, RecursionError):
        return [Step("文件是本平台的回执证明", holds=False)]


def _steps(proof: Proof, root_of: Callable[[str], str | None], sm3: Hash) -> list[Step]:
    logged = json.loads(str(proof["entry"]["facts"]))
    if "bundle" in proof:
        digest = proof["bundle"]["sha256"]
        steps = [Step(f"日志里当时记下的就是这个回放包的 SHA-256：{digest!s:.64}", logged.get("digest") == digest)]
    else:
        receipt = proof["receipt"]
        code = sm3(str(receipt["content"]).encode()).hex()
        steps = [
            Step("校验码由回执上的报名号、版本、志愿顺序和时间算出", code == receipt["code"]),
            Step("日志里当时记下的就是这个校验码", logged.get("receipt") == receipt["code"]),
        ]
    day = format_day(date.fromisoformat(proof["day"]))
    label = f"这条日志一环一环连到链的末端，再沿8个摘要连到{day}公布的日志根"
    return [*steps, Step(label, _root_reached(proof, sm3) == root_of(str(proof["day"])))]


def _root_reached(proof: Proof, sm3: Hash) -> str:
    """The root that the entry leads to: over the entries after it to the end of its chain, and up the tree."""
    entry, chain = proof["entry"], proof["chain"]
    head, facts = str(entry["head"]), str(entry["facts"])
    position = json.loads(head)
    link = sm3(bytes.fromhex(chain["before"]) + sm3(f"{head}\n{facts}".encode()))
    for digest in chain["after"]:
        link = sm3(link + bytes.fromhex(digest))
    shard, reached = int(position[0]), int(position[1]) + len(chain["after"])
    path = [bytes.fromhex(node) for node in proof["path"]]
    return root_of_path(format_end((reached, link)), shard, CHAINS, path, sm3).hex()
