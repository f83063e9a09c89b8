"""Emptying the database of a demonstration, and refusing to empty anyone else's."""

from time import sleep
from typing import Any

import psycopg

from yangguang.rules.base.refusals import Refused

# A trial has moved its clock; production never has (a start-up check sees to it).
_REHEARSED = "SELECT to_regclass('yangguang_practiceclock') IS NOT NULL"
_IN_USE = (
    "SELECT EXISTS (SELECT 1 FROM yangguang_account) AND NOT EXISTS (SELECT 1 FROM yangguang_practiceclock)"
)
_SERVED = """
SELECT EXISTS (
    SELECT FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
)
"""
_ANY = "SELECT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'public')"


def empty(url: str) -> None:
    """Drop everything in the database's public schema.

    Raises:
        Refused: there are tables that are not a demonstration's, or another program is connected.
    """
    with psycopg.connect(url) as connection:
        found = connection.execute(_ANY).fetchone()
        if found is not None and not found[0]:
            return
        known = connection.execute(_REHEARSED).fetchone()
        if known is None or not known[0] or connection.execute(_IN_USE).fetchone() == (True,):
            raise Refused(
                "这个数据库里有不是演示的数据，不会被清空",
                now="请为演示另建一个空数据库，再设置 DATABASE_URL",
            )
        if _is_served(connection):
            raise Refused(
                "演示网站或别的程序正在使用这个数据库，不会被清空",
                now="请先在运行 make demo 的窗口按 Ctrl-C 停下，再重新开始",
            )
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


def _is_served(connection: psycopg.Connection[Any]) -> bool:
    """Whether anyone else stays connected; a connection that was just closed takes a moment to go."""
    for _ in range(20):
        if connection.execute(_SERVED).fetchone() == (False,):
            return False
        connection.rollback()
        sleep(0.1)
    return True
