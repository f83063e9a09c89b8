"""“进入为…”: the demonstration's doors into every role; outside the demonstration there is no such page."""

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from yangguang.rules.refusals import NotHere
from yangguang.web.kit.actor import Request, home_of, sit
from yangguang.web.kit.demo_doors import doors, is_family, shown


@require_http_methods(["GET", "HEAD", "POST"])
def roles(request: Request) -> HttpResponse:
    """Show the made-up accounts; only a POST enters as one of them.

    Raises:
        Http404: wherever settings.DEMO is not set.
    """
    if not settings.DEMO:
        raise Http404
    found = doors()
    if request.method == "POST":
        door = found.get(request.POST.get("seat", ""))
        if door is None:
            raise NotHere("没有这个演示身份", why="演示数据可能已经重置", now="请从演示身份页重新选择")
        sit(request, door.account, door.seat)
        return HttpResponseRedirect(home_of(door.role) or "/")
    values = {
        "families": [shown(key, door) for key, door in found.items() if is_family(door)],
        "staff": [shown(key, door) for key, door in found.items() if not is_family(door)],
    }
    return render(request, "entry/demo.html", values)
