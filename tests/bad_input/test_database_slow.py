"""A table that another transaction keeps locked: the page answers within six seconds, with the form kept."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection

from tests.support.builders.crowd import committed

__all__ = ["committed"]
ASK = """
import json, logging, sys, time
from yangguang.wsgi import application
from django.conf import settings
settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
logging.disable()
from django.db import connection
from django.test import Client
from yangguang.postgres.limits import allow_long_statements
from django.db import transaction
def limits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout'), current_setting('lock_timeout'),"
                       " current_setting('idle_in_transaction_session_timeout')")
        return cursor.fetchone()
client = Client(raise_request_exception=False)
own = limits()
with transaction.atomic():
    allow_long_statements()
    long = limits()
with connection.cursor() as cursor:
    cursor.execute("SELECT pg_backend_pid()")
    print(cursor.fetchone()[0], flush=True)
connection.close()
sys.stdin.readline()
began = time.monotonic()
answer = client.post("/login/", {"phone": "15400000001"})
print(json.dumps([answer.status_code, time.monotonic() - began, answer.content.decode(), own, long]))
"""


Answer = tuple[int, float, str, list[str], list[str]]


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Another transaction keeps the tables of the log-in page locked."""
    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE django_session, yangguang_onetimecode, yangguang_policyrule")
        yield


def own_url() -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


def start_web(var: object) -> subprocess.Popen[str]:
    """The web process; it prints the server process of its one connection, waits for a line, and asks."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", ASK],
        env=env | {"DATABASE_URL": own_url(), "DATABASE_POOL": "1", "YANGGUANG_DEMO": "1", "YANGGUANG_VAR": str(var)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def answer(committed: None, tmp_path: object) -> Answer:
    """What the web process answers to a form, after how many seconds, and its limits: its own, and an officer's."""
    web = start_web(tmp_path)
    assert web.stdout
    assert int(web.stdout.readline())
    with locked(own_url()):
        out, _ = web.communicate("\n", timeout=60)
    status, seconds, page, own, long = json.loads(out)
    return status, seconds, page, own, long


def test_a_locked_table_costs_a_page_seconds_and_no_typing(
    answer: Answer,
) -> None:
    status, seconds, page, own, long = answer

    assert status == 503
    assert 2.5 < seconds < 6
    assert 'name="phone" value="15400000001"' in page
    assert own == ["5s", "3s", "30s"]
    assert long == ["25s", "3s", "30s"]


def test_a_server_that_stands_still_costs_a_page_seconds_and_no_typing(committed: None, tmp_path: object) -> None:
    web = start_web(tmp_path)
    backend = int(web.stdout.readline())  # type: ignore[union-attr]
    try:
        os.kill(backend, signal.SIGSTOP)
    except (ProcessLookupError, PermissionError):
        web.kill()
        web.communicate()
        pytest.skip("the server is on another machine")
    try:
        out, _ = web.communicate("\n", timeout=60)
    finally:
        os.kill(backend, signal.SIGCONT)
    status, seconds, page, *_ = json.loads(out)

    # The pool gives the connection up, and the request ends with another one or with a sentence.
    assert status in (200, 503)
    assert 5 < seconds < 12
    assert 'name="phone" value="15400000001"' in page


@pytest.mark.parametrize(
    ("code", "limits"),
    [
        ("import yangguang.wsgi", "5s"),
        ("import yangguang.__main__ as m; m.main(['procrastinate', '--help'])", "30min"),
        ("import yangguang.__main__ as m; m.main(['sheet', '--help'])", ""),
    ],
)
def test_each_process_has_its_limits(code: str, limits: str, tmp_path: object) -> None:
    script = (
        "import atexit, os\n"
        "from django.conf import settings\n"
        "atexit.register(lambda: print('LIMITS', settings.DATABASES['default']['OPTIONS']['options']))\n" + code
    )
    env = os.environ | {"YANGGUANG_DEMO": "1", "YANGGUANG_VAR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], env=env, capture_output=True, text=True)

    options = done.stdout.rpartition("LIMITS")[2]

    assert options.strip().startswith("-c") == bool(limits), done.stderr
    assert (f"statement_timeout={limits}" in options) == bool(limits)
