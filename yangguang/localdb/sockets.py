"""The folder of the Unix socket, whose path may have at most 107 bytes."""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from .settings import PORT

LONGEST = 107


def socket_folder(home: Path) -> Path:
    """Folder for the socket of the server in `home`: `home/run`, or a short private one if that is too deep.

    The same `home` always gives the same folder, so that two processes find the same server.

    Raises:
        PermissionError: the short folder exists and belongs to another account.
    """
    inside = home / "run"
    plain = not set(str(inside)) & set("\",'\\")
    if plain and len(os.fsencode(inside / f".s.PGSQL.{PORT}")) <= LONGEST:
        return inside
    name = "yangguang-" + hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / name
    if short.is_symlink() or (short.exists() and not _private(short, home)):
        raise PermissionError(f"{short} 已被别人占用，请删除它，或把 YANGGUANG_VAR 设为较短的路径")
    return short


def _private(folder: Path, home: Path) -> bool:
    """Whether this account or the owner of the server created the folder, and no other may use it."""
    status = folder.lstat()
    owners = {os.geteuid()} | ({home.stat().st_uid} if home.exists() else set())
    return stat.S_ISDIR(status.st_mode) and status.st_uid in owners and not status.st_mode & 0o077
