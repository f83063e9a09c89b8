"""The same rush through real gunicorn, with pages, sessions and codes: exactly the seats, never a 5xx. (T1.01, T1.08)

`make test` sends a small crowd; with YANGGUANG_LOAD=full, as `.ci/run` sets it, 2,000 students want 100 seats, 40 at
once. One in ten has opened the page before; the others press the button at once, which costs half the time.
"""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.parse
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from tests.support.builders.crowd import at_once
from tests.support.builders.ranked_round import Ranked
from tests.support.builders.seat_seekers import direct_round, seekers, with_codes
from yangguang.models import Application, Quota, SeatClaim
from yangguang.web.kit.displayed import FIELD, seal_displayed

STUDENTS, SEATS, THREADS = (2000, 100, 40) if os.environ.get("YANGGUANG_LOAD") == "full" else (120, 12, 20)
CODE = "135790"
Answer = tuple[int, str]


@pytest.fixture
def served(committed: None, tmp_path: Path) -> Iterator[tuple[str, Ranked, list[Application]]]:
    """Students who want seats of one direct programme, and two gunicorn workers over the same database."""
    laid = direct_round(SEATS)
    students = seekers(laid, STUDENTS)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = urllib.parse.urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "yangguang.wsgi:application",
        "--worker-class",
        "gthread",
        "--workers",
        "2",
        "--threads",
        "4",
        "--bind",
        f"127.0.0.1:{port}",
        "--log-level",
        "warning",
    ]
    env = os.environ | {"DATABASE_URL": own.geturl(), "YANGGUANG_DEMO": "1"}
    log = (tmp_path / "gunicorn.log").open("w")
    server = subprocess.Popen(command, env=env, stdout=log, stderr=log)
    site = f"http://127.0.0.1:{port}"
    try:
        _wait_for(site, server, tmp_path / "gunicorn.log")
        yield site, laid, students
    finally:
        server.terminate()
        server.wait(timeout=20)
        log.close()


def _wait_for(site: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 40
    while time.monotonic() < until and server.poll() is None:
        try:
            if send_request(f"{site}/healthz")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    pytest.fail(f"gunicorn did not answer: {log.read_text()[-2000:]}")


def send_request(url: str, cookie: str = "", data: dict[str, str] | None = None) -> Answer:
    """One request on a separate connection; redirects are answers."""
    place = urllib.parse.urlsplit(url)
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", "Connection": "close"}
    with closing(HTTPConnection(place.netloc, timeout=120)) as link:
        if data is None:
            link.request("GET", place.path, headers=headers)
        else:
            link.request("POST", place.path, urllib.parse.urlencode(data), headers)
        answer = link.getresponse()
        return answer.status, answer.read().decode()


def rush(site: str, laid: Ranked, student: Application, *, opens: bool) -> Callable[[], Answer]:
    """A browser with the code, which may have the confirm page open; the act is to press the button."""
    session = SessionStore()
    session["account"] = student.person.account_id
    session.save()
    programme = laid.programmes["A"]
    url = f"{site}/me/{student.public_id}/choices/{laid.round.number}/claim/{programme.public_id}/"
    token = "a" * 32
    cookie = f"sessionid={session.session_key}; csrftoken={token}"
    reader = SimpleNamespace(actor=SimpleNamespace(account=student.person.account_id))
    displayed = seal_displayed(reader, student.version)  # type: ignore[arg-type]
    typed = {"_key": uuid.uuid4().hex, "_step": "act", "_code": CODE, "csrfmiddlewaretoken": token, FIELD: displayed}
    if opens:
        status, page = send_request(url, cookie)
        assert status == 200, page[:500]
        hidden = dict(re.findall(r'<input type="hidden" name="(_typed|_key)" value="([^"]*)"', page))
        assert hidden.keys() == {"_typed", "_key"}
        typed |= hidden
    return lambda: send_request(url, cookie, typed)


def test_exactly_the_seats_are_given_and_nobody_sees_an_error_page(
    served: tuple[str, Ranked, list[Application]],
) -> None:
    site, laid, students = served
    laid.programmes["A"].refresh_from_db()
    presses = [rush(site, laid, student, opens=nth % 10 == 0) for nth, student in enumerate(students)]
    with_codes(laid, students)
    answers = at_once(presses, THREADS)
    statuses = Counter(one[0] if isinstance(one, tuple) else repr(one) for one in answers)

    assert statuses == {302: SEATS, 422: STUDENTS - SEATS}
    assert sum("名额已经注册满了" in one[1] for one in answers if isinstance(one, tuple)) == STUDENTS - SEATS
    assert (Quota.objects.get().taken, SeatClaim.objects.count()) == (SEATS, SEATS)
