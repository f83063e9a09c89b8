"""Layout of every office desk: its navigation by rights, and its season. (X2.01)"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yangguang.models import Season
from yangguang.queries.seasons.seasons import find_season
from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.actor import Request
from yangguang.web.kit.navigation import keep_season, mark_active

Values = dict[str, Any]
"""What a page displays, by the name in its template."""


@dataclass(frozen=True)
class Desk:
    """One desk.

    Args:
        name: of its folder of templates and of its addresses.
        nav: groups of entries, each with its heading; an entry has a label, an address and a right. The first entry
            is the desk's front page.
    """

    name: str
    nav: tuple[tuple[str, tuple[tuple[str, str, Right], ...]], ...]

    def page(self, request: Request, template: str, values: Values, status: int = 200) -> HttpResponse:
        """A page of this desk."""
        return render(request, f"{self.name}/{template}.html", self.layout_context(request) | values, status=status)

    def layout_context(self, request: Request) -> Values:
        """The navigation: entries that the actor has the right to, with the one marked that the page lies under.

        They keep the season of the address, so that a season chosen on one page is that of the next.
        """
        front, season = reverse(self.nav[0][1][0][1]), request.GET.get("season", "")
        groups = []
        for heading, entries in self.nav:
            links = [(label, reverse(name)) for label, name, right in entries if request.actor.may(right)]
            if links:
                marked = mark_active(links, request.path, front)
                groups.append((heading, [link._replace(url=keep_season(link.url, season)) for link in marked]))
        return {"nav": groups}


def season_of(request: Request) -> Season:
    """The season in the address, or the current one."""
    return find_season(request.GET.get("season", ""))
