"""Deletes the tables of a demonstration's database, and refuses any other database."""

from time import sleep
from typing import LiteralString

import psycopg
from psycopg.rows import TupleRow

from yangguang.rules.base.refusals import Refused

# The demonstration shifts the clock; production never does (see the start-up checks).
_HAS_CLOCK = "SELECT to_regclass('yangguang_practiceclock') IS NOT NULL"
_IS_REAL = "SELECT EXISTS (SELECT 1 FROM yangguang_account) AND NOT EXISTS (SELECT 1 FROM yangguang_practiceclock)"
_HAS_CLIENTS = """
SELECT EXISTS (
    SELECT FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
)
"""
_HAS_TABLES = "SELECT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'public')"


def wipe_database(url: str) -> None:
    """Drop everything in the public schema.

    Raises:
        Refused: the tables are not a demonstration's, or another program is connected.
    """
    with psycopg.connect(url) as connection:
        if not _is_true(connection, _HAS_TABLES):
            return
        if not _is_true(connection, _HAS_CLOCK) or _is_true(connection, _IS_REAL):
            raise Refused(
                "这个数据库里有不是演示的数据，不会被清空", now="请为演示另建一个空数据库，再设置 DATABASE_URL"
            )
        if _has_clients(connection):
            raise Refused(
                "演示网站或别的程序正在使用这个数据库，不会被清空",
                now="请先在运行 make demo 的窗口按 Ctrl-C 停下，再重新开始",
            )
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


def _has_clients(connection: psycopg.Connection[TupleRow]) -> bool:
    """Whether another client stays connected; a connection that was just closed takes a moment to disappear."""
    for _ in range(20):
        if not _is_true(connection, _HAS_CLIENTS):
            return False
        connection.rollback()
        sleep(0.1)
    return True


def _is_true(connection: psycopg.Connection[TupleRow], query: LiteralString) -> bool:
    return connection.execute(query).fetchone() == (True,)
