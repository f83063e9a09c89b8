"""The last step of a confirmation sent twice: a double tap, or a page of the browser's history sent again. (X1.03)"""

from yangguang.actions.base.idempotency import find_location
from yangguang.gateways.ciphers import sm3
from yangguang.web.kit.actor import Request

ACT = "act"


def digest_page(request: Request) -> str:
    """What identifies the confirmation page that was sent: its address, its key and what is sealed in it.

    The code and the signature are left out: a page sent again after a wrong code is the same page.
    """
    parts = (request.get_full_path(), request.POST.get("_key", ""), request.POST.get("_typed", ""))
    return sm3("\n".join(parts).encode()).hex()


def find_repeat(request: Request) -> str:
    """Where the first answer led when this page was sent before and its act is done; "" otherwise."""
    is_last_step = request.method == "POST" and request.POST.get("_step") == ACT
    return find_location(request.actor, digest_page(request)) if is_last_step else ""
