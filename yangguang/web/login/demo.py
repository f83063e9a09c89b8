"""“进入为…”: the demonstration's doors into every role; outside the demonstration there is no such page."""

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from yangguang.web.kit.actor import Request, home_of, sit
from yangguang.web.kit.demo_doors import door_named, shown_doors


@require_http_methods(["GET", "HEAD", "POST"])
def roles(request: Request) -> HttpResponse:
    """Show the made-up accounts; only a POST enters as one of them.

    Raises:
        Http404: wherever settings.DEMO is not set.
        NotFound: the door that was pressed is no more.
    """
    if not settings.DEMO:
        raise Http404
    if request.method == "POST":
        door = door_named(request.POST.get("seat", ""))
        sit(request, door.account, door.seat)
        return HttpResponseRedirect(home_of(door.role) or "/")
    return render(request, "login/demo.html", shown_doors())
