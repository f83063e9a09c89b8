"""The embedded server: durable, shared, deaf to Ctrl-C, back after a crash, and at home in any folder."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from yangguang.localdb import Cluster, NoDatabase, count_use, database

USER = """
import os, signal, sys, psycopg
from pathlib import Path
from yangguang.localdb import database
signal.signal(signal.SIGINT, signal.SIG_IGN)
with database(Path(sys.argv[1]), env={}) as url:
    print(url, flush=True)
    sys.stdin.readline()
    with psycopg.connect(url) as connection:
        print(connection.execute("SELECT 1").fetchone()[0], flush=True)
"""


def one(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    assert row
    return row[0]


def test_a_given_database_url_wins_and_nothing_is_started(var: Path) -> None:
    with database(var, env={"DATABASE_URL": "postgresql:///elsewhere"}) as url:
        assert url == "postgresql:///elsewhere"

    assert list(var.iterdir()) == []


def test_acknowledged_writes_outlive_a_killed_postmaster(var: Path) -> None:
    with database(var, env={}) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE stored (n int)")
            connection.execute("INSERT INTO stored VALUES (67686)")
        postmaster = Cluster(var).pid()
        assert postmaster
        os.kill(postmaster, signal.SIGKILL)
        assert (var / "pg" / "data" / "postmaster.pid").exists()
        with database(var, env={}) as again:
            assert one(again, "SELECT n FROM stored") == 67686
            assert Cluster(var).pid() != postmaster


def test_a_lock_file_that_names_another_living_process_is_not_believed(var: Path) -> None:
    with database(var, env={}):
        lock = var / "pg" / "data" / "postmaster.pid"
        lines = lock.read_text().splitlines()
        os.kill(int(lines[0]), signal.SIGKILL)
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    lock.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
    Cluster(var).stop()

    assert stranger.poll() is None, "stopping does not hit the stranger"

    with database(var, env={}) as url:
        assert one(url, "SELECT 1") == 1
    stranger.communicate(b"\n")


def test_a_write_is_on_disk_before_it_is_acknowledged(var: Path) -> None:
    with database(var, env={}) as url:
        assert one(url, "SELECT current_setting('fsync') || current_setting('synchronous_commit')") == "onon"
        assert one(url, "SELECT current_setting('data_checksums')") == "on"


def test_nothing_listens_on_the_network_and_the_socket_is_private(var: Path) -> None:
    with database(var, env={}) as url:
        assert one(url, "SELECT current_setting('listen_addresses')") == ""
        assert Cluster(var).sockets.stat().st_mode & 0o077 == 0


def test_the_last_of_two_processes_stops_the_server(var: Path) -> None:
    with database(var, env={}):
        other = subprocess.Popen(
            [sys.executable, "-c", USER, str(var)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert other.stdin
        assert other.stdout
        assert other.stdout.readline().startswith("postgresql://")

    assert Cluster(var).answers(), "the first one left, the second one still works"
    assert other.communicate("\n")[0] == "1\n"
    assert not Cluster(var).answers()


def test_a_killed_user_does_not_keep_the_server_for_ever(var: Path) -> None:
    with database(var, env={}):
        other = subprocess.Popen(
            [sys.executable, "-c", USER, str(var)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert other.stdin
        assert other.stdout
        assert other.stdout.readline()
        other.kill()
        other.communicate()

    assert not Cluster(var).answers()


def test_ctrl_c_of_the_starter_does_not_reach_the_server(var: Path) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", USER, str(var)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )

    assert starter.stdin
    assert starter.stdout
    assert starter.stdout.readline()

    os.killpg(starter.pid, signal.SIGINT)
    time.sleep(0.3)

    assert starter.communicate("\n")[0] == "1\n"
    assert not Cluster(var).answers()


def test_a_folder_too_deep_for_a_socket_gets_a_short_private_one(var: Path) -> None:
    deep = var / ("x" * 60) / ("y" * 60)
    with database(deep, env={}) as url:
        sockets = Cluster(deep).sockets
        assert len(str(sockets)) < 60
        assert sockets.stat().st_mode & 0o077 == 0
        assert one(url, "SELECT 1") == 1
    sockets.rmdir()


def test_a_short_folder_prepared_by_someone_else_is_refused(var: Path) -> None:
    deep = var / ("x" * 60) / ("y" * 60)
    trap = Cluster(deep).sockets
    trap.symlink_to(var)
    try:
        with pytest.raises(PermissionError, match="已被别人占用"), database(deep, env={}):
            pass
    finally:
        trap.unlink()


def test_data_of_another_major_version_is_refused_with_the_way_out(var: Path) -> None:
    with database(var, env={}):
        pass
    (var / "pg" / "data" / "PG_VERSION").write_text("15\n")
    with pytest.raises(NoDatabase, match=r"属于 PostgreSQL 15.*make demo-reset"), database(var, env={}):
        pass


def test_a_server_that_cannot_start_says_why_from_its_log(var: Path) -> None:
    with database(var, env={}):
        pass
    (var / "pg" / "data" / "global" / "pg_control").unlink()
    with pytest.raises(NoDatabase, match=r"pg_control"), database(var, env={}):
        pass


def test_a_first_start_that_was_killed_half_way_is_begun_afresh(var: Path) -> None:
    (var / "pg" / "data.new" / "base").mkdir(parents=True)
    with database(var, env={}) as url:
        assert one(url, "SELECT 1") == 1


def test_whoever_fails_to_start_does_not_count_as_a_user(var: Path) -> None:
    stopped = []

    def fail() -> None:
        raise NoDatabase("不行")

    with pytest.raises(NoDatabase), count_use(var, first=fail, last=lambda: None):
        pass
    with count_use(var, first=lambda: None, last=lambda: stopped.append(1)):
        pass

    assert stopped == [1]
