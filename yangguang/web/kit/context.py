"""What every template may say: the site, who reads, the database's instant, the reader's size of letters."""

import uuid
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from django.http import HttpRequest

from yangguang import clock
from yangguang.rules.accounts.actors import GUEST, Actor
from yangguang.web.kit.actor import home_of

SITE_NAME = "阳光招生 · 河南省中等职业教育统一招生平台"
ELDER = "elder"


@dataclass(frozen=True, slots=True)
class Reader(Actor):
    """The actor as pages show it."""

    @property
    def home_url(self) -> str:
        """Where this reader's own pages begin; "" for a guest, who is offered the log-in."""
        return home_of(self.role)

    @classmethod
    def of(cls, actor: Actor) -> "Reader":
        return cls(**{field.name: getattr(actor, field.name) for field in fields(actor)})


def site(request: HttpRequest) -> dict[str, Any]:
    """The context processor. `now` asks the database once, and only where a template says it."""
    match = request.resolver_match
    app = match.app_name if match else ""
    return {
        "site_name": SITE_NAME,
        "actor": Reader.of(getattr(request, "actor", GUEST)),
        "now": cache(clock.now),
        "elder": request.COOKIES.get(ELDER) == "1",
        "desk": app if app and app != "entry" else "public",
        "fresh_key": lambda: uuid.uuid4().hex,
    }
