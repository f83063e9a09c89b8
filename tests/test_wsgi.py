"""The entrance of the web server: production behind an open one ends for good; a closed one opens, database or not."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from tests.support.builders.crowd import committed
from yangguang.models import PracticeClock

__all__ = ["committed"]

NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"
REAL = {
    "SECRET_KEY": "s" * 60,
    "YANGGUANG_DATA_KEYS": "1:" + "a" * 32,
    "YANGGUANG_INDEX_KEY": "b" * 32,
    "GATEWAY_SMS": "yangguang.gateways.sms.HttpSms",
    "SMS_URL": "https://127.0.0.1/",
    "SMS_ACCOUNT": "a",
    "SMS_SECRET": "s",
}
OPEN_DOORS = [
    "网站没有启动：SECRET_KEY 仍是演示值。请设置环境变量 SECRET_KEY。",
    "网站没有启动：个人信息密钥仍是演示值。请设置 YANGGUANG_DATA_KEYS 与 YANGGUANG_INDEX_KEY。",
    "网站没有启动：外部通道 sms 仍是仿真通道。请设置 GATEWAY_SMS。",
]
# The tests' log-in is the superuser of their server.
OWNER = (
    "网站没有启动：数据库登录账号权限过大：是超级用户、可以建账号、可以变成表的所有者、可以改审计日志、可以改日志根、"
    "可以改政策规则、可以拨时钟。请把 DATABASE_URL 换成 yangguang_web 或 yangguang_worker，见 deploy/README.md。"
)
SHIFTED = (
    "网站没有启动：生产库里留有演练时钟偏移。请核对这不是演练库，执行 DELETE FROM yangguang_practiceclock 后再启动。"
)


@pytest.fixture
def shifted(committed: None) -> Iterator[str]:
    """The address of a database that keeps the shifted clock of a trial."""
    PracticeClock.objects.create(shift=timedelta(days=3))
    place = urllib.parse.urlsplit(os.environ["DATABASE_URL"])
    yield place._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    PracticeClock.objects.all().delete()


def command(port: int, *more: str) -> list[str]:
    bind = ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--no-control-socket", "--log-level", "warning"]
    return [sys.executable, "-m", "gunicorn", "yangguang.wsgi:application", *bind, *more]


def env(url: str, more: dict[str, str]) -> dict[str, str]:
    """The environment of a server that is not the demonstration."""
    environment = {name: value for name, value in os.environ.items() if name != "YANGGUANG_DEMO"}
    return environment | {"DATABASE_URL": url, "DATABASE_WAIT": "0.25"} | more


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def ended(url: str, more: dict[str, str], *flags: str) -> tuple[int, set[str]]:
    """The exit code of a server that ends by itself, and what it said to the operator."""
    done = subprocess.run(
        command(free_port(), *flags), env=env(url, more), capture_output=True, text=True, timeout=40, check=False
    )
    # Workers that refuse in the same instant may write two sentences into one line.
    return done.returncode, {s.strip() for s in re.findall(r"网站没有启动.+?(?=网站没有启动|\n|$)", done.stderr)}


def healthy(port: int, server: subprocess.Popen[str]) -> bool:
    """Whether the server answers at all before it ends."""
    until = time.monotonic() + 40
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False


def opens(url: str, more: dict[str, str], log: Path) -> bool:
    """Whether a server comes up; it is stopped again."""
    port = free_port()
    with log.open("w") as err:
        server = subprocess.Popen(command(port), env=env(url, more), stderr=err, text=True)
        try:
            return healthy(port, server)
        finally:
            server.terminate()
            server.wait(timeout=20)


@pytest.mark.parametrize(
    ("flags", "codes"),
    [
        ((), {3}),
        (("--preload",), {3}),
        # gunicorn trips over itself, and ends with 1, when two of its workers refuse in the same instant.
        (("--workers", "3"), {3, 1}),
    ],
)
def test_production_with_the_demonstrations_secrets_ends_and_says_why(flags: tuple[str, ...], codes: set[int]) -> None:
    code, sentences = ended(NOWHERE, {}, *flags)
    assert (code in codes, sentences) == (True, set(OPEN_DOORS))


def test_production_with_a_shifted_clock_ends_and_says_why(shifted: str) -> None:
    assert ended(shifted, REAL) == (3, {SHIFTED, OWNER})


@pytest.mark.parametrize("more", [REAL, {"YANGGUANG_DEMO": "1"}])
def test_a_closed_house_opens_even_while_the_database_is_away(more: dict[str, str], tmp_path: Path) -> None:
    assert opens(NOWHERE, more, tmp_path / "log")


def test_the_demonstration_keeps_its_shifted_clock(shifted: str, tmp_path: Path) -> None:
    assert opens(shifted, {"YANGGUANG_DEMO": "1"}, tmp_path / "log")
