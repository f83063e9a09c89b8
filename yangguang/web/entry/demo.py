"""“进入为…”: the demonstration's doors into every role; outside the demonstration there is no such page."""

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from yangguang.queries.demo import Door, officers, students
from yangguang.rules.refusals import NotHere
from yangguang.web.kit.actor import Request, home_of, sit


@require_http_methods(["GET", "HEAD", "POST"])
def roles(request: Request) -> HttpResponse:
    """Show the made-up accounts; only a POST enters as one of them.

    Raises:
        Http404: wherever settings.DEMO is not set.
    """
    if not settings.DEMO:
        raise Http404
    families, staff = students(), officers()
    doors = {f"{door.role}{n}": door for n, door in enumerate([*families, *staff])}
    if request.method == "POST":
        door = doors.get(request.POST.get("seat", ""))
        if door is None:
            raise NotHere("没有这个演示身份", why="演示数据可能已经重置", now="请从演示身份页重新选择")
        sit(request, door.account, door.seat)
        return HttpResponseRedirect(home_of(door.role) or "/")
    values = {
        "families": [_shown(key, door) for key, door in doors.items() if door in families],
        "staff": [_shown(key, door) for key, door in doors.items() if door not in families],
    }
    return render(request, "entry/demo.html", values)


def _shown(key: str, door: Door) -> dict[str, str]:
    note = door.says or f"{door.unit or '全省'}。{door.role.describes}"
    return {"value": key, "label": door.role.label, "note": note}
