"""The database is down: pages say so, keep the form, and forget nothing; commands say it in a sentence."""

import json
import os
import re
import subprocess
import sys
from html import unescape

import pytest

# No one listens on port 1. A request waits for it a quarter of a second.
NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"
ASK = """
import json, logging, django
django.setup()
from django.conf import settings
settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
logging.disable()
from django.test import Client
client = Client(raise_request_exception=False)
client.cookies["sessionid"] = "a" * 32
told = []
for method, url, data in [
    ("get", "/", {}), ("get", "/schools/", {}), ("get", "/me/", {}),
    ("post", "/login/", {"phone": "15400000001", "csrfmiddlewaretoken": "t"}),
    ("post", "/me/register/person/", {"name": "欧阳<小满>", "id_number": "490101200906154016", "_key": "k1"}),
]:
    answer = getattr(client, method)(url, data)
    headers = {name: answer.headers.get(name, "") for name in ("Retry-After", "Cache-Control")}
    told.append([answer.status_code, headers, answer.content.decode()])
print(json.dumps(told))
"""


def env(var: object) -> dict[str, str]:
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV"))}
    return mine | {
        "DATABASE_URL": NOWHERE,
        "DATABASE_WAIT": "0.25",
        "YANGGUANG_DEMO": "1",
        "YANGGUANG_VAR": str(var),
        "DJANGO_SETTINGS_MODULE": "yangguang.settings",
    }


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[int, dict[str, str], str]]:
    """The answers of a server whose database is gone."""
    var = tmp_path_factory.mktemp("var")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASK],
        env=env(var),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return [tuple(one) for one in json.loads(done.stdout.splitlines()[-1])]


def test_every_page_says_that_it_cannot_now_and_when_to_come_again(
    pages: list[tuple[int, dict[str, str], str]],
) -> None:
    for status, headers, page in pages:
        assert (status, headers["Retry-After"], headers["Cache-Control"]) == (503, "30", "no-store")
        assert "系统暂时不能办理" in page
        assert "Traceback" not in page
        assert "127.0.0.1" not in page


def test_what_was_typed_is_still_on_the_page_and_can_be_sent_again(
    pages: list[tuple[int, dict[str, str], str]],
) -> None:
    for _, _, page in pages[:3]:
        assert "再提交一次</button>" not in page
    for (_, _, page), sent in zip(
        pages[3:],
        (
            {"phone": "15400000001", "csrfmiddlewaretoken": "t"},
            {"name": "欧阳<小满>", "id_number": "490101200906154016", "_key": "k1"},
        ),
        strict=True,
    ):
        kept = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page))
        assert {name: unescape(value) for name, value in kept.items()} == sent
        assert '<form method="post"' in page
        assert "再提交一次</button>" in page


@pytest.mark.parametrize(
    "command", [["load-targets", "t.csv", "--year", "2024", "--parent", "郑州市"], ["check-invariants", "--json"]]
)
def test_a_command_says_it_in_a_sentence(command: list[str], tmp_path: object) -> None:
    (tmp_path / "t.csv").write_bytes(b"1")  # type: ignore[operator]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "yangguang", *command],
        env=env(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        cwd=str(tmp_path),
    )

    assert done.returncode == 1
    said = json.loads(done.stdout)["error"] if "--json" in command else done.stderr

    assert "数据库没有应答" in said
    assert "Traceback" not in done.stdout + done.stderr
