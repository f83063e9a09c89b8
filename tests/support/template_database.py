"""A database with all migrations done, one for each state of the migrations; test databases are copies of it."""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
MADE_OF = (
    "yangguang/migrations/*.py",
    "yangguang/migrations/sql/*.sql",
    "yangguang/models/*.py",
    "yangguang/rules/*.py",
    "requirements/base.txt",
)
LOCK = 67686  # any number; the process that makes the template holds it


def template(url: str) -> str:
    """Name of a migrated database on the server of `url`; created when it is missing, older ones are dropped.

    Raises:
        RuntimeError: the migrations failed; their complaint is in it.
    """
    digest = sha256(b"".join(path.read_bytes() for glob in MADE_OF for path in sorted(ROOT.glob(glob))))
    name = f"template_{digest.hexdigest()[:16]}"
    with psycopg.connect(_at(url, "postgres"), autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        known = [row[0] for row in server.execute(r"SELECT datname FROM pg_database WHERE datname ~ '^template_'")]
        if name not in known:
            for old in known:
                server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old)))
            server.execute("CREATE DATABASE template_unfinished")
            _migrate(_at(url, "template_unfinished"))
            server.execute(sql.SQL("ALTER DATABASE template_unfinished RENAME TO {}").format(sql.Identifier(name)))
    return name


def _migrate(url: str) -> None:
    env = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "yangguang.settings"}
    command = [sys.executable, "-m", "django", "migrate", "--no-input", "--verbosity=0", "--skip-checks"]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)


def _at(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()
