"""All advisory locks: a transaction that takes one waits until another one that holds it ends."""

from enum import IntEnum, unique
from zlib import crc32

from yangguang.postgres.sql import fetch_all

_LOCK = "SELECT pg_advisory_xact_lock(%s::int, key) FROM unnest(%s::int[]) AS key"


@unique
class LockClass(IntEnum):
    """What a lock guards; with a key it is one lock. A transaction takes several in the order of their numbers.

    REQUEST is taken before any row is locked. The others may follow the lock of the act's subject (the application
    that is submitted) and precede those of the quotas, whose rows are locked last.
    """

    # Key: the content of an act of two people. Of two who sign at the same second, the later is the second person.
    PROPOSAL = 20_000
    # Key: the run. Its steps are carried out one at a time, by any worker.
    RUN = 20_001
    # Key: account and request key. The second copy of a request gets the answer of the first. Taken in the SQL
    # function `first_answer`.
    REQUEST = 20_002
    # Key: the round. One transaction at a time works on its waiting list.
    WAITING_LIST = 20_003
    # Key: the school. Admissions to a school with a cap on admissions, one after the other.
    ADMISSION_CAP = 20_004
    # Key: the school. Submissions that name a school with a cap on registrations, one after the other.
    REGISTRATION_CAP = 20_005
    # Key: form, unit and year. The months of one unit are computed and sealed one after the other.
    REPORT = 20_006
    # Key: 0. One transaction at a time makes the records that are due.
    RECORDS = 20_007
    # Key: the year. One transaction at a time replaces a working calendar.
    CALENDAR = 20_008


def take_lock(purpose: LockClass, *keys: int | str) -> None:
    """Hold these locks until the transaction ends; wait while another transaction holds one of them.

    Args:
        keys: row ids (32 bits), or texts. Keys of one call are locked in ascending order.
    Raises:
        django.db.OperationalError: waiting took longer than `lock_timeout`.
    """
    numbers = sorted(crc32(key.encode()) - 2**31 if isinstance(key, str) else key for key in keys)
    fetch_all(_LOCK, (purpose, numbers))
