"""Counts the users of the embedded server: the first one starts it, the last one stops it.

The count is a shared file lock, which the kernel releases when a process is killed; a number in a file would be
wrong after the first crash.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path


@contextmanager
def count_use(folder: Path, *, first: Callable[[], None], last: Callable[[], None]) -> Iterator[None]:
    """Count the block as one use of the server.

    Args:
        folder: of the two lock files.
        first: starts the server; called on every entry, so it does nothing while the server runs.
        last: stops the server; called by the last user.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as use:
        # A process that starts or stops the server holds the gate, so that no other enters or leaves meanwhile.
        with _lock(folder / "gate", fcntl.LOCK_EX):
            user = use.enter_context(_lock(folder / "users", fcntl.LOCK_SH))
            first()
        try:
            yield
        finally:
            with _lock(folder / "gate", fcntl.LOCK_EX), use:
                if _is_last(user):
                    last()


@contextmanager
def _lock(path: Path, kind: int) -> Iterator[int]:
    """Hold a lock on a file; yields its descriptor."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, kind)
        yield handle
    finally:
        os.close(handle)


def _is_last(user: int) -> bool:
    try:
        fcntl.flock(user, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
