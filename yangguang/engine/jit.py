"""Compiles the loops of the engine once for a machine.

The result is stored only in a folder that is ours and that others cannot write to, because it will be executed. The
folder is named after the engine's sources: numba looks at one file for a change, but our loops call each other across
files.
"""

import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

ENGINE = Path(__file__).resolve().parent
ROOT = ENGINE.parent.parent

F = TypeVar("F", bound=Callable[..., Any])


def cache_folder(env: Mapping[str, str] = os.environ) -> Path | None:
    """The folder for compiled loops, created if missing: `NUMBA_CACHE_DIR`, `YANGGUANG_VAR` or `var/` of the checkout.

    Returns:
        None if there is none that we can write to and others cannot; every process then compiles again, which takes
        some seconds.
    """
    given = env.get("NUMBA_CACHE_DIR")
    base = Path(given) if given else Path(env.get("YANGGUANG_VAR") or ROOT / "var") / "compiled"
    try:
        folder = base / _version()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except OSError:
        return None
    ours = status.st_uid == os.getuid() and not status.st_mode & 0o022
    return folder if ours and os.access(folder, os.W_OK | os.X_OK) else None


def _version() -> str:
    """A name that changes with any source of the engine and with the compiler."""
    digest = hashlib.sha256(numba.__version__.encode())
    for path in sorted(ENGINE.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


_STORE = cache_folder()
if _STORE is not None:
    setattr(numba.config, "CACHE_DIR", str(_STORE))  # noqa: B010 (numba makes its settings at run time)


def jit(function: F) -> F:
    """Compile a loop on its first call; it then runs without the interpreter's lock."""
    return cast(F, numba.njit(cache=_STORE is not None, nogil=True)(function))
