"""The only reader of time: the database's clock, plus the shift of a practice season.

A student's act counts when the database receives it, whichever server or phone it came from (domain-rules §2).
"""

from datetime import datetime

from yangguang.queries.rows import fetch_one


def now() -> datetime:
    """The instant of the current transaction, on the database's clock, shifted in a practice season."""
    row = fetch_one("SELECT yg_now()")
    assert row is not None
    instant: datetime = row[0]
    return instant
