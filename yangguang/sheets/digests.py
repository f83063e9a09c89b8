"""The hashes that seal a monthly form and identify the same file sent twice (SM3, GB/T 32905)."""

import json
from collections.abc import Iterable, Mapping
from datetime import date

from cryptography.hazmat.primitives import hashes


def digest(data: bytes) -> str:
    """SM3 of an uploaded file, 64 hex characters; two uploads with the same digest are the same file."""
    sm3 = hashes.Hash(hashes.SM3())
    sm3.update(data)
    return sm3.finalize().hex()


def rows_digest(rows: Iterable[Mapping[str, object]]) -> str:
    """SM3 of the rows as canonical JSON: keys sorted, no blanks, UTF-8, dates as ISO texts, rows in order.

    Args:
        rows: text, int, bool, None and dates (also nested in dicts and lists).

    Raises:
        TypeError: for a float or anything else that has more than one way to be written.
    """
    body = json.dumps(
        [_plain(row) for row in rows], sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return digest(body.encode())


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")
