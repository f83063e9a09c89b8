"""Counts who uses the embedded server, so that the first one starts it and the last one stops it.

The count is a shared file lock, which the kernel takes back from a process that was killed; a number in a
file would be wrong after the first crash.
"""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType


class Share:
    """A context: inside, the thing is running.

    Args:
        folder: where the two lock files lie; must exist once `first` has run.
        first: makes sure the thing is running; harmless when it already is.
        last: stops it; called by the one who leaves last.
    """

    def __init__(self, folder: Path, *, first: Callable[[], None], last: Callable[[], None]) -> None:
        self.folder, self.first, self.last = folder, first, last
        self._user = -1

    def __enter__(self) -> "Share":
        self.folder.mkdir(parents=True, exist_ok=True)
        gate = self._locked("gate", fcntl.LOCK_EX)
        try:
            # The process that stops the server holds the gate, so no one comes in between.
            self._user = self._locked("users", fcntl.LOCK_SH)
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
        gate = self._locked("gate", fcntl.LOCK_EX)
        try:
            if self._user >= 0 and self._alone():
                self.last()
        finally:
            self._release()
            os.close(gate)

    def _alone(self) -> bool:
        try:
            fcntl.flock(self._user, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _locked(self, name: str, kind: int) -> int:
        handle = os.open(self.folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(handle, kind)
        return handle

    def _release(self) -> None:
        if self._user >= 0:
            os.close(self._user)
            self._user = -1
