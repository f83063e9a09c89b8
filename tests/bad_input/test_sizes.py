"""Too much, and under a wrong name: each is refused in Chinese."""

import io

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory

from yangguang.web.kit.request_size import MOST_READ

pytestmark = pytest.mark.django_db
MEGABYTE = 2**20


class Sent(io.RawIOBase):
    """A body of zeros that knows how much of it was read."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int = -1) -> bytes:
        size = self.left if size < 0 else min(size, self.left)
        self.left -= size
        return bytes(size)


def send(size: int, kind: str) -> tuple[str, str, int]:
    """POST so many bytes; the status, the page, and how many bytes were left unread."""
    body, status = Sent(size), []
    asked = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(size), "wsgi.input": body}
    environ = RequestFactory()._base_environ(PATH_INFO="/result/", **asked)
    answer = WSGIHandler()(environ, lambda line, headers, fault=None: status.append(line))
    return status[0], b"".join(answer).decode(), body.left


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "a/b"])
def test_who_sends_too_much_is_heard_out_and_told(kind: str) -> None:
    status, page, unread = send(13 * MEGABYTE, kind)

    assert (status[:3], unread) == ("413", 0)
    assert "共13.0兆字节，最多12.0兆字节" in page
    assert "现在可以" in page
    assert "分成几个文件上传" in page


def test_who_sends_without_end_is_not_heard_out() -> None:
    status, _, unread = send(MOST_READ + 9 * MEGABYTE, "a/b")
    assert (status[:3], unread) == ("413", 9 * MEGABYTE)


def test_what_is_allowed_is_not_touched() -> None:
    assert send(MEGABYTE, "a/b")[0][:3] == "403", "only the forgery check minds it"


def test_another_sites_name_is_answered_plainly_in_chinese() -> None:
    answer = Client(raise_request_exception=False).get("/", headers={"host": "evil.example"})

    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert "这个域名不是本平台的网址" in answer.content.decode()
    assert b"<" not in answer.content


def test_the_icon_that_browsers_ask_for_is_there() -> None:
    answer = Client().get("/favicon.ico")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/static/mark.svg")
