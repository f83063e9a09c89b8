"""The health check of a load balancer: whether this process answers and reaches its database."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yangguang import clock
from yangguang.web.kit.actor import Request


@require_safe
def health(request: Request) -> HttpResponse:
    """200 and the database's instant; without a database the refusal middleware answers 503."""
    at = clock.now()
    return HttpResponse(f"ok {at.isoformat()}\n", content_type="text/plain", headers={"Cache-Control": "no-store"})
