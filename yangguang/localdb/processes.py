"""Runs the site and its worker as child processes: they end with this one, and one that dies is started again."""

import ctypes
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from yangguang.rules.base.refusals import Refused

HOST = "127.0.0.1"
START_TIMEOUT = 60.0  # seconds until the first answer
STOP_TIMEOUT = 10.0  # seconds from SIGTERM to SIGKILL
LONGEST_PAUSE = 30.0  # seconds before a process that dies again and again is started once more
LIVES = 60.0  # seconds after which a process counts as well
SET_PARENT_DEATH_SIGNAL = 1  # from <linux/prctl.h>
COMMANDS = {
    "网站": (
        *("-m", "gunicorn", "yangguang.wsgi:application", "--worker-class", "gthread", "--workers", "2"),
        # The default listen queue is too short for 64 clients.
        *("--threads", "8", "--backlog", "2048", "--log-level", "warning", "--no-control-socket"),
    ),
    "后台任务": ("-m", "yangguang", "procrastinate", "worker"),
}


def serve(
    env: Mapping[str, str], port: int, ready: Callable[[str], None], revive: Callable[[], None] = lambda: None
) -> int:
    """Serve the site on the loopback until Ctrl-C; a process that dies is started again.

    Args:
        env: environment of the child processes; must hold `DATABASE_URL`.
        port: TCP port on 127.0.0.1.
        ready: called with the address as soon as the site answers.
        revive: called twice a second; starts the database again when it died.
    Returns:
        0 after Ctrl-C.
    Raises:
        Refused: the port is taken, or the site does not answer.
    """
    if _answers(port):
        raise Refused(f"端口 {port} 已被占用", now=f"请先停下占用它的程序，或换一个端口：--port {port + 1}")
    commands = {name: [sys.executable, *arguments] for name, arguments in COMMANDS.items()}
    commands["网站"] += ["--bind", f"{HOST}:{port}"]
    with running(commands, env) as children:
        try:
            deadline = time.perf_counter() + START_TIMEOUT
            while not _answers(port):
                if _ended(children) or time.perf_counter() > deadline:
                    raise Refused("网站没有启动成功", now="请查看上面的输出")
                time.sleep(0.1)
            ready(f"http://{HOST}:{port}/")
            supervisor = ProcessSupervisor(children, commands, env)
            while True:
                revive()
                supervisor.restart_ended()
                time.sleep(0.5)
        except KeyboardInterrupt:
            return 0


class ProcessSupervisor:
    """Starts child processes again that have ended, at once and then after ever longer pauses."""

    def __init__(
        self, children: dict[str, "subprocess.Popen[bytes]"], commands: Mapping[str, list[str]], env: Mapping[str, str]
    ) -> None:
        self.children, self.commands, self.env = children, commands, env
        self.started = dict.fromkeys(children, time.monotonic())
        self.pauses = dict.fromkeys(children, 0.0)

    def restart_ended(self) -> None:
        """Start what has ended and has had its pause; says so."""
        for name, child in self.children.items():
            now = time.monotonic()
            if child.poll() is None:
                if now - self.started[name] > LIVES:
                    self.pauses[name] = 0.0
            elif now - self.started[name] >= self.pauses[name]:
                print(f"{name}意外退出，正在重新启动。", file=sys.stderr)
                self.children[name] = _start(self.commands[name], self.env)
                self.started[name] = now
                self.pauses[name] = min(2 * self.pauses[name] + 1, LONGEST_PAUSE)


@contextmanager
def running(
    commands: Mapping[str, list[str]], env: Mapping[str, str]
) -> Iterator[dict[str, "subprocess.Popen[bytes]"]]:
    """Run child processes until the block ends, each in its session, so that Ctrl-C reaches only this process."""
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands.items():
            children[name] = _start(command, env)
        yield children
    finally:
        for child in children.values():
            child.terminate()
        for child in children.values():
            try:
                child.wait(STOP_TIMEOUT)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _start(command: list[str], env: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr.fileno(),
        start_new_session=True,
        preexec_fn=_end_with_parent,
    )


def _end_with_parent() -> None:
    """End with the parent, even a killed one, so that no server keeps the port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def _ended(children: Mapping[str, "subprocess.Popen[bytes]"]) -> str:
    """Name of a child process that has ended, "" while all run."""
    return next((name for name, child in children.items() if child.poll() is not None), "")
