"""Django's PostgreSQL, with transactions that begin and end in one call of libpq each.

psycopg's way there and back (its lock, a generator, autocommit off and on again) costs a tenth of a small act. So
psycopg stays in autocommit, and Django says itself where a transaction begins and ends.
"""

from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection, OperationalError, errors
from psycopg.pq import ConnStatus, ExecStatus

_GOOD = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection of this program."""

    def _start_transaction_under_autocommit(self) -> None:
        self._say(b"BEGIN")

    def _set_autocommit(self, autocommit: bool) -> None:
        if self.connection.autocommit != autocommit:
            super()._set_autocommit(autocommit)  # type: ignore[misc]

    def _commit(self) -> None:
        self._say(b"COMMIT")

    def _rollback(self) -> None:
        self._say(b"ROLLBACK")

    def _say(self, word: bytes) -> None:
        if self.connection is not None:
            with self.wrap_database_errors:
                require_good(self.connection, self.connection.pgconn.exec_(word))


def require_good(link: Connection[Any], result: Any) -> None:
    """Let a result of libpq pass, or say what the server said.

    Raises:
        psycopg.Error: as the server names it; OperationalError when it has gone.
    """
    if link.pgconn.status == ConnStatus.BAD:
        raise OperationalError("数据库连接已中断")
    if result.status not in _GOOD:
        raise errors.error_from_result(result, link.info.encoding)
