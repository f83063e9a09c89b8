"""The only reader of time: the database's clock, plus the shift of a practice season. (R2.03)"""

from datetime import datetime

from yangguang.postgres.sql import fetch_all


def now() -> datetime:
    """The instant of the current transaction, on the database's clock, shifted in a practice season."""
    ((instant,),) = fetch_all("SELECT yg_now()")
    return instant
