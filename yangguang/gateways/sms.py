"""Text messages: the port, the provider's signed HTTPS interface, and a verified fake. (T3.23)

Every message has a reference. Sending the same reference again sends nothing and returns the first answer, so that a
killed job can run again.
"""

import hmac
import http.client
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from yangguang.rules.base.refusals import Refused

TIMEOUT = 5.0  # seconds for each of: connecting, sending, waiting for the answer
LONGEST = 500  # characters; about eight parts of one message
LARGEST_ANSWER = 64 * 1024  # bytes


class NotSent(Refused):
    """The message was not sent.

    Args:
        again: whether a later attempt may succeed (no answer, overload); False when the provider refused finally.
    """

    status = 503
    code = "sms"

    def __init__(self, why: str, *, again: bool) -> None:
        super().__init__("短信没有发出", why=why, now="系统将自动重试" if again else "请核对手机号码")
        self.again = again


@dataclass(frozen=True)
class Sent:
    """A message the provider accepted; `provider_id` is its number there."""

    ref: str
    provider_id: str


class Sms(Protocol):
    """The port."""

    def send(self, phone: str, text: str, ref: str) -> Sent:
        """Send one message.

        Args:
            phone: mainland mobile number, eleven ASCII digits.
            text: without the signature that the provider adds.
            ref: our reference, unique per message.
        Raises:
            NotSent: see `again`.
        """
        ...


def check_message(phone: str, text: str, ref: str) -> None:
    """Raise NotSent for a malformed number, an empty or too long text, or no reference."""
    if not (len(phone) == 11 and phone.isascii() and phone.isdecimal() and phone[0] == "1"):
        raise NotSent("手机号码应为 11 位数字", again=False)
    if not text or len(text) > LONGEST:
        raise NotSent(f"短信内容应为 1–{LONGEST} 字", again=False)
    if not ref:
        raise NotSent("短信没有编号", again=False)


class HttpSms:
    """A provider that takes signed JSON over HTTPS: `POST {url}` with `ref`, `phone`, `text`.

    The headers carry the account, the second and HMAC-SHA256(secret, second ‖ "\\n" ‖ body) in hex; the answer is
    200 with `{"id": …}`, the same id for the same `ref`. 4xx refuses finally; after 429 and 5xx the message may be sent
    again.

    Args:
        url, account, secret: from the settings when None.
        timeout: seconds.
        second: the Unix second of the signature, which the provider compares with its clock: the real time, never
            the shifted one of a practice season.
    """

    def __init__(
        self,
        url: str | None = None,
        account: str | None = None,
        secret: str | None = None,
        *,
        timeout: float = TIMEOUT,
        second: Callable[[], float] = time.time,
    ) -> None:
        from django.conf import settings

        self.url = urlsplit(settings.SMS_URL if url is None else url)
        self.account = settings.SMS_ACCOUNT if account is None else account
        self.secret = (settings.SMS_SECRET if secret is None else secret).encode()
        self.timeout, self.second = timeout, second
        if self.url.scheme != "https" and self.url.hostname not in ("127.0.0.1", "localhost"):
            raise ValueError("短信接口必须是 https 地址")

    def send(self, phone: str, text: str, ref: str) -> Sent:
        check_message(phone, text, ref)
        body = json.dumps({"ref": ref, "phone": phone, "text": text}, ensure_ascii=False).encode()
        status, answer = self._post(body)
        if status == 200 and isinstance(number := answer.get("id"), str) and number:
            return Sent(ref, number)
        # The provider's text may repeat the number; the sentence holds only its status.
        raise NotSent(f"短信服务商答复 {status}", again=status == 429 or status >= 500 or status == 200)

    def _post(self, body: bytes) -> tuple[int, dict[str, object]]:
        kind = http.client.HTTPSConnection if self.url.scheme == "https" else http.client.HTTPConnection
        connection = kind(self.url.hostname or "", self.url.port, timeout=self.timeout)
        try:
            connection.request("POST", self.url.path or "/", body, self._headers(body))
            answer = connection.getresponse()
            content = answer.read(LARGEST_ANSWER)
        except (OSError, http.client.HTTPException) as error:
            raise NotSent("短信服务商没有应答", again=True) from error
        finally:
            connection.close()
        try:
            document = json.loads(content)
        except ValueError:
            document = None
        return answer.status, document if isinstance(document, dict) else {}

    def _headers(self, body: bytes) -> dict[str, str]:
        second = str(int(self.second()))
        signature = hmac.new(self.secret, second.encode() + b"\n" + body, sha256).hexdigest()
        return {
            "Content-Type": "application/json; charset=utf-8",
            "X-Account": self.account,
            "X-Time": second,
            "X-Signature": signature,
        }


@dataclass(frozen=True)
class Message:
    """A message in the outbox."""

    ref: str
    phone: str
    text: str


class FakeSms:
    """Stores the newest messages in a file instead of sending them; any number of processes may share it.

    For the demonstration and the tests; it passes the same contract test as the real adapter.

    Args:
        folder: of the outbox; `sms` in the settings' `VAR` when None.
        limit: how many messages are stored; an older reference is unknown again.
    """

    def __init__(self, folder: Path | None = None, *, limit: int = 10_000) -> None:
        if folder is None:
            from django.conf import settings

            folder = settings.VAR / "sms"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.file, self.limit = folder / "outbox.sqlite3", limit
        with self._outbox() as outbox:
            outbox.execute(
                "CREATE TABLE IF NOT EXISTS message"
                " (id INTEGER PRIMARY KEY AUTOINCREMENT, ref TEXT UNIQUE, phone TEXT, text TEXT)"
            )
            outbox.execute("CREATE INDEX IF NOT EXISTS message_phone ON message (phone, id)")

    def send(self, phone: str, text: str, ref: str) -> Sent:
        check_message(phone, text, ref)
        with self._outbox() as outbox:
            outbox.execute("INSERT OR IGNORE INTO message (ref, phone, text) VALUES (?, ?, ?)", (ref, phone, text))
            (number,) = outbox.execute("SELECT id FROM message WHERE ref = ?", (ref,)).fetchone()
            outbox.execute("DELETE FROM message WHERE id <= ?", (number - self.limit,))
        return Sent(ref, f"fake-{number}")

    def messages(self, phone: str | None = None) -> list[Message]:
        """The messages sent, oldest first; to one number if given."""
        where, params = ("", ()) if phone is None else ("WHERE phone = ?", (phone,))
        with self._outbox() as outbox:
            rows = outbox.execute(f"SELECT ref, phone, text FROM message {where} ORDER BY id", params)
            return [Message(*row) for row in rows]

    @contextmanager
    def _outbox(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.file, timeout=30)
        try:
            # A fake need not survive a power failure, and the demonstration sends tens of thousands.
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA journal_mode = MEMORY")
            with connection:
                yield connection
        finally:
            connection.close()
