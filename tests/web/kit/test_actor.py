"""The device of a request."""

import re

import pytest
from django.test import RequestFactory

from yangguang.web.kit.actor import device_of

pytestmark = pytest.mark.usefixtures("kit_routes")


def test_a_device_is_a_digest_of_browser_and_address_and_only_our_proxy_is_believed() -> None:
    def device(**meta: str) -> str:
        return device_of(RequestFactory().get("/", **meta))

    own = device(HTTP_USER_AGENT="A", REMOTE_ADDR="10.0.0.1")

    assert re.fullmatch(r"[0-9a-f]{16}", own)
    assert own != device(HTTP_USER_AGENT="B", REMOTE_ADDR="10.0.0.1")
    assert own == device(HTTP_USER_AGENT="A", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 10.0.0.1")
    assert own == device(HTTP_USER_AGENT="A", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="7.7.7.7")
