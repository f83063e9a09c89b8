"""Text messages: one contract for the fake and for the real adapter against a provider on the loopback."""

import hmac
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from yangguang.gateways.sms import FakeSms, HttpSms, Message, NotSent, Sent, Sms

SECRET = "not-a-secret"
PHONE = "13800000001"


class Server(ThreadingHTTPServer):
    """One that does not turn callers away before they are heard, and keeps quiet about those who hung up."""

    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        pass


class Provider:
    """A provider of text messages on the loopback: checks signature and clock, sends each reference once."""

    def __init__(self) -> None:
        self.sent: dict[str, tuple[str, str]] = {}
        self.calls = 0
        self.answer: Callable[[BaseHTTPRequestHandler], tuple[int, bytes] | None] = lambda request: None
        provider, lock = self, threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with lock:
                    provider.calls += 1
                    status, reply = provider.answer(self) or provider.take(dict(self.headers), body)
                self.send_response(status)
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            def log_message(self, *args: object) -> None:
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/v1/messages"

    def take(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        second = headers.get("X-Time", "0")
        expected = hmac.new(SECRET.encode(), f"{second}\n".encode() + body, sha256).hexdigest()
        if not hmac.compare_digest(expected, headers.get("X-Signature", "")):
            return 401, b'{"error": "signature"}'
        if headers.get("X-Account") != "henan" or abs(time.time() - int(second)) > 300:
            return 403, b'{"error": "account or clock"}'
        message = json.loads(body)
        self.sent.setdefault(message["ref"], (message["phone"], message["text"]))
        number = list(self.sent).index(message["ref"]) + 1
        return 200, json.dumps({"id": f"p{number}"}).encode()


@pytest.fixture
def provider() -> Iterator[Provider]:
    provider = Provider()
    threading.Thread(target=provider.server.serve_forever, args=(0.05,)).start()
    yield provider
    provider.server.shutdown()
    provider.server.server_close()


@pytest.fixture
def http(provider: Provider) -> HttpSms:
    return HttpSms(provider.url, "henan", SECRET, timeout=3)


@pytest.fixture(params=["fake", "http"])
def port(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Sms, Callable[[], list[Message]]]:
    """An adapter, and what has really gone out through it."""
    if request.param == "fake":
        fake = FakeSms(tmp_path)
        return fake, fake.messages
    provider = request.getfixturevalue("provider")
    return request.getfixturevalue("http"), lambda: [Message(r, p, t) for r, (p, t) in provider.sent.items()]


Port = tuple[Sms, Callable[[], list[Message]]]


def test_a_message_goes_out_with_its_text_and_number(port: Port) -> None:
    sms, outbox = port
    sent = sms.send(PHONE, "【演示】您的志愿已提交。", "receipt:1")

    assert sent.ref == "receipt:1"
    assert sent.provider_id
    assert outbox() == [Message("receipt:1", PHONE, "【演示】您的志愿已提交。")]


def test_the_same_reference_goes_out_once_and_gets_the_first_answer(port: Port) -> None:
    sms, outbox = port
    first = sms.send(PHONE, "一", "ref")

    assert sms.send(PHONE, "二", "ref") == first
    assert outbox() == [Message("ref", PHONE, "一")]
    assert sms.send(PHONE, "一", "other").provider_id != first.provider_id


def test_one_reference_sent_by_many_at_once_goes_out_once(port: Port) -> None:
    sms, outbox = port
    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(lambda _: sms.send(PHONE, "一", "ref"), range(24)))

    assert (len(answers), len(outbox())) == (1, 1)


@pytest.mark.parametrize(
    ("phone", "text", "ref"),
    [
        ("1380000000", "x", "r"),
        ("１３８００００００００１", "x", "r"),
        ("23800000001", "x", "r"),
        ("+8613800000001", "x", "r"),
        (PHONE, "", "r"),
        (PHONE, "字" * 501, "r"),
        (PHONE, "x", ""),
    ],
)
def test_what_no_provider_takes_is_refused_for_good(port: Port, phone: str, text: str, ref: str) -> None:
    sms, outbox = port
    with pytest.raises(NotSent) as refused:
        sms.send(phone, text, ref)

    assert (refused.value.again, outbox()) == (False, [])


def test_a_wrong_secret_is_noticed_by_the_provider(provider: Provider) -> None:
    with pytest.raises(NotSent, match="答复 401") as refused:
        HttpSms(provider.url, "henan", "wrong").send(PHONE, "x", "r")
    assert (refused.value.again, provider.sent) == (False, {})


def test_a_signature_is_of_now(provider: Provider) -> None:
    with pytest.raises(NotSent, match="答复 403"):
        HttpSms(provider.url, "henan", SECRET, second=lambda: time.time() - 3600).send(PHONE, "x", "r")


@pytest.mark.parametrize(
    ("status", "body", "again"),
    [
        (400, b"{}", False),
        (403, b'{"error": "13800000001 is blocked"}', False),
        (429, b"{}", True),
        (500, b"oops", True),
        (503, b"", True),
        (200, b"not json", True),
        (200, b'["id"]', True),
        (200, b'{"id": 7}', True),
    ],
)
def test_a_failure_says_whether_to_come_again_and_never_repeats_the_number(
    provider: Provider, http: HttpSms, status: int, body: bytes, again: bool
) -> None:
    provider.answer = lambda request: (status, body)
    with pytest.raises(NotSent) as refused:
        http.send(PHONE, "x", "r")

    assert refused.value.again is again
    assert PHONE not in str(refused.value)


def test_a_provider_that_does_not_answer_is_given_up_in_time(provider: Provider) -> None:
    awake = threading.Event()
    provider.answer = lambda request: (awake.wait(5), None)[1]
    started = time.perf_counter()
    with pytest.raises(NotSent, match="没有应答") as refused:
        HttpSms(provider.url, "henan", SECRET, timeout=0.3).send(PHONE, "x", "r")
    awake.set()

    assert refused.value.again
    assert time.perf_counter() - started < 2


def test_after_a_lost_answer_the_same_reference_still_goes_out_once(provider: Provider, http: HttpSms) -> None:
    lost: list[bool] = []

    def lose_the_first(request: BaseHTTPRequestHandler) -> tuple[int, bytes] | None:
        if lost:
            return None
        lost.append(True)
        provider.sent["ref"] = (PHONE, "一")
        request.connection.shutdown(socket.SHUT_RDWR)
        return 200, b""

    provider.answer = lose_the_first
    with pytest.raises(NotSent):
        http.send(PHONE, "一", "ref")

    assert http.send(PHONE, "一", "ref") == Sent("ref", "p1")
    assert list(provider.sent) == ["ref"]


def test_a_dead_provider_asks_to_come_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(NotSent, match="没有应答") as refused:
        HttpSms(f"http://127.0.0.1:{port}/", "a", "s").send(PHONE, "x", "r")

    assert refused.value.again


def test_an_unencrypted_address_is_refused() -> None:
    with pytest.raises(ValueError, match="https"):
        HttpSms("http://sms.example/v1", "a", "s")


def test_the_fakes_outbox_is_bounded_and_private(tmp_path: Path) -> None:
    fake = FakeSms(tmp_path / "sms", limit=3)
    for number in range(5):
        fake.send(PHONE, str(number), f"r{number}")

    assert [message.text for message in fake.messages()] == ["2", "3", "4"]
    assert fake.messages("13800000002") == []
    assert (tmp_path / "sms").stat().st_mode & 0o077 == 0


def test_two_fakes_on_one_folder_are_one_outbox(tmp_path: Path) -> None:
    first, second = FakeSms(tmp_path), FakeSms(tmp_path)

    assert first.send(PHONE, "一", "ref") == second.send(PHONE, "二", "ref")
    assert second.messages() == [Message("ref", PHONE, "一")]
