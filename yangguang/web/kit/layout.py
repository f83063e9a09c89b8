"""The frame of every office desk: its navigation with the rights it needs, and its season. (X2.01)"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yangguang.models import Season
from yangguang.queries.seasons.seasons import find_season
from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.actor import Request


@dataclass(frozen=True)
class Desk:
    """One desk.

    Args:
        name: of its folder of templates and of its addresses.
        nav: label, address and right of each entry; the first is the desk's front page.
    """

    name: str
    nav: tuple[tuple[str, str, Right], ...]

    def page(self, request: Request, template: str, values: dict[str, Any], status: int = 200) -> HttpResponse:
        """A page of this desk."""
        return render(request, f"{self.name}/{template}.html", self.framed(request) | values, status=status)

    def framed(self, request: Request) -> dict[str, Any]:
        """Navigation, only where the seat has the right, with the entry the address lies under marked."""
        nav, front = [], self.nav[0][1]
        for label, name, right in self.nav:
            url = reverse(name)
            here = request.path == url if name == front else request.path.startswith(url)
            if request.actor.may(right):
                nav.append((label, url, here))
        return {"nav": nav}


def season_of(request: Request) -> Season:
    """The season in the address, else the current one."""
    return find_season(request.GET.get("season", ""))
