"""Every route of the site with addresses that exist, that lie elsewhere, and that lead nowhere."""

import re
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver

from tests.access.world import World
from yangguang.checks import routes
from yangguang.rules.accounts.rights import Right
from yangguang.rules.accounts.roles import Role

_PART = re.compile(r"<(\w+):(\w+)>")
# What is in an address under the name public_id depends on the page.
_PUBLIC = {"schools/": "school", "notices/": "notice", "disclosure/": "published"}
_PLAIN = {"day": "2024-08-28", "language": "en", "form": "csv", "kind": "csv", "step": "person"}
_SLUGS = {
    "desk/scores/": "scores",
    "desk/outside/": "outside",
    "open-data/": "schools",
    "manuals/": "student",
    "desk/imports/": "board",
}


@dataclass(frozen=True)
class Site:
    """One route as the URLconf says it."""

    route: str
    right: Right

    @property
    def parts(self) -> list[tuple[str, str]]:
        return _PART.findall(self.route)

    def url(self, world: World, role: Role, *, far: bool = False) -> str:
        """The address with the rows of the role's own corner, or of the far one."""
        rows = world.rows(role, far=far)
        return "/" + _PART.sub(lambda part: self._value(part[1], part[2], rows), self.route)

    def nowhere(self) -> str:
        """The address with ids that no one has."""
        plain = {"int": "60000", "slug": "nothing", "day": "1999-12-31", "form": "csv", "str": "nothing"}
        return "/" + _PART.sub(lambda part: plain.get(part[1], str(uuid.uuid4())), self.route)

    def _value(self, kind: str, name: str, rows: dict[str, Any]) -> str:
        if name in _PLAIN:
            return _PLAIN[name]
        if self.route.startswith("replay/"):
            return str(rows["published"].runs.get(state="PUBLISHED").public_id)
        if name == "proposal" and self.route.startswith("school/"):
            return str(rows["own_proposal"].public_id)
        if self.route.endswith("/take-back/"):
            return str(rows["withdrawal"].admission.public_id)
        if kind == "int":
            return str(rows["published" if self.route.startswith("open-data") else "round"].number)
        if kind == "slug":
            return next(slug for start, slug in _SLUGS.items() if self.route.startswith(start))
        if name == "public_id":
            name = next(row for start, row in _PUBLIC.items() if self.route.startswith(start))
        return str(rows[{"programme": "programme"}.get(name, name)].public_id)


SITES = [Site(route, view.right) for route, view in routes(get_resolver())]


class Browser:
    """A browser that is signed in as one account, again for every request."""

    def __init__(self, world: World, role: Role, *, checks_csrf: bool = False) -> None:
        self.cookie, self.checks_csrf = "", checks_csrf
        if role is not Role.GUEST:
            session = SessionStore()
            session["account"] = world.accounts[role].pk
            session.save()
            self.cookie = str(session.session_key)

    def ask(self, method: str, url: str, data: dict[str, Any] | None = None) -> HttpResponse:
        client = Client(raise_request_exception=False, enforce_csrf_checks=self.checks_csrf)
        if self.cookie:
            client.cookies["sessionid"] = self.cookie
        answer: HttpResponse = getattr(client, method)(url, data or {})
        return answer

    def goes(self, method: str, url: str) -> HttpResponse:
        """Ask, and follow one step to the page that a confirm page without a POST leads back to."""
        answer = self.ask(method, url)
        return self.ask("get", answer.headers["Location"]) if answer.status_code == 302 else answer
