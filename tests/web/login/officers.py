"""What the pages of a key hand to the browser, and an officer's log-in."""

import json
import re
from typing import Any

from django.test import Client


def options_in(answer: Any, attribute: str = "data-sign") -> dict[str, Any]:
    """The options for the browser's key, out of the form of the page."""
    match = re.search(rf'{attribute}="([^"]*)"', answer.content.decode())
    assert match is not None
    options: dict[str, Any] = json.loads(match[1].replace("&quot;", '"'))
    return options


def sign_in(browser: Client, who: Any) -> Any:
    """Both steps of an officer's log-in."""
    assertion = json.dumps(who.key.sign(options_in(browser.post("/login/staff/", {"username": who.username}))))
    return browser.post("/login/staff/", {"username": who.username, "_step": "act", "_assertion": assertion})
