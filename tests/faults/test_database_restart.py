"""The database is killed under the running site: the next page and the next job work, and so after a killed worker."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from yangguang.localdb import Cluster

SITE = """
import os, sys
from functools import partial
from pathlib import Path
from yangguang.localdb import database, processes, revive
var, port = Path(sys.argv[1]), int(sys.argv[2])
with database(var, env={}) as url:
    env = os.environ | {"DATABASE_URL": url}
    import subprocess
    subprocess.run([sys.executable, "-m", "yangguang", "migrate", "--verbosity", "0"], env=env, check=True)
    raise SystemExit(processes.serve(env, port, lambda address: print("ready", flush=True), partial(revive, var, url)))
"""
_QUEUE = """
INSERT INTO procrastinate_jobs (task_name, queue_name, args)
VALUES ('carry_out_withdrawals', 'default', '{"timestamp": 0}') RETURNING id
"""
_STATE = "SELECT status::text FROM procrastinate_jobs WHERE id = %s"


class RunningSite:
    """The site and its worker as the demonstration serves them, over a database in a separate folder."""

    def __init__(self, var: Path, port: int) -> None:
        self.cluster, self.port = Cluster(var), port

    def get(self) -> int:
        """Status of a page that reads the database."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/audit/roots/", timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def workers(self) -> list[int]:
        """Process ids of the background worker."""
        done = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True)
        workers = [line for line in done.stdout.splitlines() if "procrastinate worker" in line]
        return [pid for pid in (int(line.split()[0]) for line in workers) if self._is_own(pid)]

    def _is_own(self, pid: int) -> bool:
        return f"DATABASE_URL={self.cluster.url('yangguang')}" in Path(f"/proc/{pid}/environ").read_text().split("\0")

    def do_a_job(self) -> str:
        """Queue a job, wait until it has ended; its state."""
        with psycopg.connect(self.cluster.url("yangguang"), autocommit=True) as connection:
            row = connection.execute(_QUEUE).fetchone()
            assert row
            wait_until(lambda: connection.execute(_STATE, row).fetchone() not in (("todo",), ("doing",)))
            state = connection.execute(_STATE, row).fetchone()
        assert state
        return str(state[0])


def wait_until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, "not in time"
        time.sleep(0.2)


@pytest.fixture
def running_site() -> Iterator[RunningSite]:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = int(server.getsockname()[1])
    var = Path(tempfile.mkdtemp(prefix="yangguang-restart-"))
    var.chmod(0o755)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "PYTEST", "DJANGO"))}
    env = clean | {"YANGGUANG_VAR": str(var), "YANGGUANG_DEMO": "1"}
    site = subprocess.Popen(
        [sys.executable, "-c", SITE, str(var), str(port)],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # A suite that a shell started in the background ignores Ctrl-C, and its children would, too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert site.stdout
    assert site.stdout.readline() == b"ready\n"
    yield RunningSite(var, port)
    site.send_signal(signal.SIGINT)
    site.communicate(timeout=60)
    Cluster(var).stop()
    shutil.rmtree(var)


@pytest.mark.slow
def test_after_a_restart_of_the_database_the_next_page_and_the_next_job_work(running_site: RunningSite) -> None:
    wait_until(lambda: running_site.get() == 200)
    assert running_site.do_a_job() == "succeeded"

    postmaster = running_site.cluster.pid()
    assert postmaster
    os.kill(postmaster, signal.SIGKILL)
    wait_until(lambda: running_site.cluster.pid() != postmaster and running_site.cluster.answers())

    assert [running_site.get() for _ in range(12)] == [200] * 12, "no connection from before is given to a request"
    assert running_site.do_a_job() == "succeeded"

    worker = running_site.workers()
    for pid in worker:
        os.kill(pid, signal.SIGKILL)
    assert len(worker) == 1
    assert running_site.do_a_job() == "succeeded"
    assert running_site.get() == 200
