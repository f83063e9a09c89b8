"""The only reader of time: the database's clock, plus the shift of a practice season.

A student's act counts when the database receives it, whichever server or phone it came from (R2.03).
"""

from datetime import datetime

from django.db import connection


def now() -> datetime:
    """The instant of the current transaction, on the database's clock, shifted in a practice season."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT yg_now()")
        instant: datetime = cursor.fetchone()[0]
    return instant
