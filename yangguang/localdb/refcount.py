"""Counts the users of the embedded server: the first one starts it, the last one stops it.

The count is a shared file lock, which the kernel releases when a process is killed; a number in a file would be
wrong after the first crash.
"""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType


class UseCount:
    """A context in which the server runs.

    Args:
        folder: of the two lock files.
        first: starts the server; called on every entry, so it does nothing while the server runs.
        last: stops the server; called by the last user.
    """

    def __init__(self, folder: Path, *, first: Callable[[], None], last: Callable[[], None]) -> None:
        self.folder, self.first, self.last = folder, first, last
        self._user = -1

    def __enter__(self) -> "UseCount":
        self.folder.mkdir(parents=True, exist_ok=True)
        gate = self._lock("gate", fcntl.LOCK_EX)
        try:
            # A process that stops the server holds the gate, so no other enters meanwhile.
            self._user = self._lock("users", fcntl.LOCK_SH)
            self.first()
        except BaseException:
            self._release()
            raise
        finally:
            os.close(gate)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        gate = self._lock("gate", fcntl.LOCK_EX)
        try:
            if self._user >= 0 and self._is_last():
                self.last()
        finally:
            self._release()
            os.close(gate)

    def _is_last(self) -> bool:
        try:
            fcntl.flock(self._user, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _lock(self, name: str, kind: int) -> int:
        handle = os.open(self.folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(handle, kind)
        return handle

    def _release(self) -> None:
        if self._user >= 0:
            os.close(self._user)
            self._user = -1
