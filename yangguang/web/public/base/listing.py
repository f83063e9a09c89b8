"""Addresses of the previous and next page of a list, with the same filters."""

from typing import Any

from django.http import HttpRequest

from yangguang.queries.base.paging import Page


def neighbours(request: HttpRequest, page: Page[Any], what: str) -> dict[str, object]:
    """Values of `components/pager.html`; "previous" is the first page, because keys only go forward."""
    return {
        "previous": _with(request, "") if request.GET.get("after") else "",
        "next": _with(request, page.after) if page.after else "",
        "shown": len(page.rows),
        "what": what,
    }


def _with(request: HttpRequest, after: str) -> str:
    query = request.GET.copy()
    query.pop("after", None)
    for name in [name for name, value in query.items() if not value]:
        query.pop(name)
    if after:
        query["after"] = after
    return f"?{query.urlencode()}" if query else request.path
