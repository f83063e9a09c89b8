"""What stands in the way of an act is said on its first page, before any code is sent. (experience.md)"""

from collections.abc import Callable

from yangguang.models import Round
from yangguang.queries.seasons.windows import require_open
from yangguang.rules.seasons.rounds import WindowKind
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import ACT


def asked_first(request: Request, ask: Callable[[], object], during: Round | None = None) -> None:
    """Raise what the act would refuse now, at every step but the act itself, which asks inside its transaction.

    The last step is left to the act, so that a button pressed twice gets the first answer.

    Args:
        ask: the act's own questions, asked without acting. during: the round whose time for choices must be open.
    Raises:
        Refused, WindowClosed: the act's own.
    """
    if request.POST.get("_step") == ACT:
        return
    if during is not None:
        require_open(WindowKind.CHOICES, during, request.actor.people)
    ask()
