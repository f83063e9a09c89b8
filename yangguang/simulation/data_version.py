"""The version of code that a simulated season was made with; pages of other code cannot read its tables."""

from hashlib import sha256
from pathlib import Path

import yangguang
from yangguang.postgres.sql import execute, fetch_row
from yangguang.rules.base.refusals import Refused

# What decides which columns and which rules the stored data have. Migrations change in place while there is
# no production data, so the list of the applied ones says nothing.
_FILES = ("migrations/*.py", "migrations/sql/*.sql", "reference/policy_rules.csv")
_TABLE = "yangguang_auditroot"


def mark_data() -> None:
    """Note in the database that its data were made with this code."""
    execute(f"COMMENT ON TABLE {_TABLE} IS '{_compute_version()}'")


def require_current_data() -> None:
    """Raise Refused if the season in the database was made with other code."""
    row = fetch_row("SELECT obj_description(%s::regclass, 'pg_class') AS version", (_TABLE,))
    if row.version != _compute_version():
        raise Refused("演示数据是另一版代码留下的，请运行 make demo-reset 重新走一遍招生季")


def _compute_version() -> str:
    folder = Path(yangguang.__file__).parent
    paths = [path for pattern in _FILES for path in sorted(folder.glob(pattern))]
    return sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()
