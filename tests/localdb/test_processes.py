"""What was started ends with the process that started it: after the block, after Ctrl-C, and after a kill -9."""

import os
import signal
import subprocess
import sys
import time

import pytest

from yangguang.localdb import processes
from yangguang.localdb.processes import running, serve
from yangguang.rules.base.refusals import Refused

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
WEB = "import http.server as h; h.HTTPServer(('127.0.0.1', {}), h.BaseHTTPRequestHandler).serve_forever()"
PARENT = """
import os, sys, time
from yangguang.localdb.processes import running
with running({"one": [sys.executable, "-c", "import time; time.sleep(60)"]}, os.environ) as children:
    print(children["one"].pid, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def gone(pid: int) -> bool:
    """Whether the process has ended; an unreaped one counts as ended."""
    for _ in range(100):
        try:
            with open(f"/proc/{pid}/stat") as status:
                if status.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


def test_children_end_with_the_block() -> None:
    with running({"one": SLEEP, "two": SLEEP}, os.environ) as children:
        assert [child.poll() for child in children.values()] == [None, None]

    assert all(child.returncode == -signal.SIGTERM for child in children.values())


def test_a_child_that_does_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "STOP_TIMEOUT", 0.2)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    with running({"deaf": [sys.executable, "-c", deaf]}, os.environ) as children:
        time.sleep(0.5)

    assert children["deaf"].returncode == -signal.SIGKILL


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_parent_leaves_no_child(number: int) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)

    assert parent.stdout

    child = int(parent.stdout.readline())
    parent.send_signal(number)
    parent.communicate()

    assert gone(child)


def stand_in(monkeypatch: pytest.MonkeyPatch, site: str) -> None:
    """A site and a worker of one line each; `serve` appends the address, which they do not read."""
    monkeypatch.setattr(processes, "COMMANDS", {"网站": ("-c", site), "后台任务": tuple(SLEEP[1:])})


def interrupt(address: str) -> None:
    raise KeyboardInterrupt


def test_ctrl_c_ends_serving_in_good_order(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    stand_in(monkeypatch, WEB.format(port))

    assert serve(os.environ, port, interrupt) == 0
    assert not processes._answers(port)


def test_it_says_where_the_site_is_once_it_answers(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    stand_in(monkeypatch, WEB.format(port))
    addresses: list[tuple[str, bool]] = []

    def ready(address: str) -> None:
        addresses.append((address, processes._answers(port)))
        raise KeyboardInterrupt

    serve(os.environ, port, ready)

    assert addresses == [(f"http://127.0.0.1:{port}/", True)]


def test_a_site_that_dies_is_started_again(
    monkeypatch: pytest.MonkeyPatch, port: int, capfd: pytest.CaptureFixture[str]
) -> None:
    dying = "import threading, os; threading.Timer(1.5, os._exit, [3]).start(); "
    stand_in(monkeypatch, dying + WEB.format(port))
    seen: list[bool] = []

    def watch() -> None:
        if not seen or seen[-1] != processes._answers(port):
            seen.append(processes._answers(port))
        if seen == [True, False, True]:
            raise KeyboardInterrupt

    assert serve(os.environ, port, lambda address: None, watch) == 0
    assert "网站意外退出，正在重新启动" in capfd.readouterr().err


def test_what_dies_again_and_again_is_started_after_ever_longer_pauses() -> None:
    """A worker that another one pruned ends with an error; started once more, it works."""
    with running({"one": SLEEP}, os.environ) as children:
        supervisor = processes.ProcessSupervisor(children, {"one": SLEEP}, os.environ)
        waited = []
        for _ in range(8):
            end(children["one"])
            supervisor.restart_ended()
            waited.append(supervisor.pauses["one"] if children["one"].poll() is not None else 0)
            supervisor.started["one"] -= waited[-1]
            supervisor.restart_ended()

    assert waited == [0, 1, 3, 7, 15, 30, 30, 30]


def test_what_lived_for_a_minute_is_started_again_at_once() -> None:
    with running({"one": SLEEP}, os.environ) as children:
        supervisor = processes.ProcessSupervisor(children, {"one": SLEEP}, os.environ)
        supervisor.pauses["one"] = 30.0
        supervisor.started["one"] -= processes.LIVES + 1
        supervisor.restart_ended()
        end(children["one"])
        supervisor.restart_ended()

        assert children["one"].poll() is None


def end(child: "subprocess.Popen[bytes]") -> None:
    child.kill()
    child.wait()


def test_a_site_that_never_starts_is_a_refusal(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    stand_in(monkeypatch, "raise SystemExit(3)")
    with pytest.raises(Refused, match="没有启动成功"):
        serve(os.environ, port, interrupt)


def test_a_taken_port_is_named_before_anything_starts(port: int) -> None:
    import socket

    with socket.create_server(("127.0.0.1", port)), pytest.raises(Refused, match=f"端口 {port} 已被占用.*{port + 1}"):
        serve(os.environ, port, interrupt)
