"""Every failure is a page in Chinese, without details of the fault."""

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from tests.support.builders.web_season import text

pytestmark = pytest.mark.usefixtures("kit_routes")


@pytest.mark.parametrize(
    ("url", "status", "sentence"),
    [
        ("/missing/", 404, "没有找到"),
        ("/nowhere/", 404, "没有找到"),
        ("/stale/", 409, "内容已被别人改过"),
        ("/down/", 503, "系统暂时不能办理"),
        ("/bug/", 500, "报修时请说出这个编号"),
    ],
)
def test_every_failure_is_a_page_in_chinese(db: None, browser: Client, url: str, status: int, sentence: str) -> None:
    answer = browser.get(url)

    assert answer.status_code == status
    assert sentence in text(answer)
    assert "secret detail" not in answer.content.decode()
    assert "Traceback" not in answer.content.decode()
    assert "ZeroDivision" not in answer.content.decode()


def test_a_database_that_is_down_asks_to_come_again_and_keeps_the_form(db: None, browser: Client) -> None:
    answer = browser.get("/down/")

    assert answer.headers["Retry-After"] == "30"
    assert "退回上一页再提交一次" in text(answer)


def test_a_database_down_before_the_view_is_the_same_page(db: None, browser: Client, monkeypatch: Any) -> None:
    def broken(*_: Any) -> None:
        raise OperationalError("secret detail")

    monkeypatch.setattr("yangguang.web.kit.actor.actor_for", broken)
    answer = browser.get("/missing/")

    assert (answer.status_code, "系统暂时不能办理" in text(answer)) == (503, True)


def test_a_post_from_elsewhere_is_refused_in_chinese(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/logout/")

    assert answer.status_code == 403
    assert "这个页面已经过期，刚才的内容没有提交" in text(answer)


def test_a_partial_request_gets_only_the_refusal(db: None, browser: Client) -> None:
    answer = browser.get("/stale/", headers={"HX-Request": "true"})

    assert answer.status_code == 409
    assert "<html" not in answer.content.decode()
