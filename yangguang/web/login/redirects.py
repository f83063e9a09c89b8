"""Where to go after coming in: back to the page that asked for it, else to the role's own pages."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def asked_for(request: HttpRequest) -> str:
    """The local address in ?next=, or ""; an address elsewhere is not followed."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    here = {request.get_host()}
    return target if url_has_allowed_host_and_scheme(target, here, require_https=request.is_secure()) else ""
