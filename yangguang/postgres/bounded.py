"""A connection that gives a server up which holds it and does not answer, as one that is stopped or unreachable.

The limits of `settings` are kept by the server; a server that stands still keeps none, and its kernel goes on to
acknowledge what is sent, so that no limit of TCP is reached either.
"""

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.errors import OperationalError, _WaitTimeout

SECONDS, LONG_SECONDS = 6.0, 26.0
"""A second more than the server lets a statement run (`settings`, `limits.LONG`), so that its answer comes first."""


class BoundedConnection(psycopg.Connection[tuple[object, ...]]):
    """Raises OperationalError and is closed when one exchange with the server takes longer than `seconds`."""

    seconds = SECONDS

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """As psycopg's, with a limit where the caller names none."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.seconds)
        except _WaitTimeout as error:
            self.pgconn.finish()
            raise OperationalError(f"the server has not answered for {self.seconds:.0f} seconds") from error


def shorten(connection: BoundedConnection) -> None:
    """Give the connection its usual limit again; the pool calls this when a request gives it back."""
    connection.seconds = SECONDS
