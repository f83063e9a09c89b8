"""The context processor of every template: site, reader, the database's instant, size of letters."""

import uuid
from functools import cache
from typing import Any

from django.http import HttpRequest

from yangguang import clock
from yangguang.rules.accounts.actors import GUEST
from yangguang.web.kit.actor import home_of

SITE_NAME = "阳光招生 · 河南省中等职业教育统一招生平台"
ELDER = "elder"


def site(request: HttpRequest) -> dict[str, Any]:
    """Values for every template; `now` asks the database once, and only where a template uses it."""
    match = request.resolver_match
    app = match.app_name if match else ""
    actor = getattr(request, "actor", GUEST)
    return {
        "site_name": SITE_NAME,
        "actor": actor,
        "home_url": home_of(actor.role),
        "now": cache(clock.now),
        "elder": request.COOKIES.get(ELDER) == "1",
        "desk": app if app and app != "entry" else "public",
        "fresh_key": lambda: uuid.uuid4().hex,
    }
