"""Who a browser's session speaks for, asked anew with every request: a revoked key ends it at once. (T2.09)"""

from yangguang.models import Account, RoleAssignment, SecurityKey
from yangguang.queries.accounts.actors import actor_of
from yangguang.rules.accounts import key_states
from yangguang.rules.accounts.actors import GUEST, Actor


def actor_in(account: int, seat: int | None = None, key: str = "") -> Actor:
    """The actor of a session; a guest when the account, seat or key it was opened with is no longer good.

    Args:
        account, seat: row ids kept in the session; no seat for families.
        key: serial of the hardware key the session was opened with, or "".
    """
    found = Account.objects.filter(pk=account, frozen_at=None).first()
    if found is None:
        return GUEST
    if key and not SecurityKey.objects.filter(serial=key, account=account, state=key_states.BOUND).exists():
        return GUEST
    if seat is None:
        return actor_of(found)
    sat = (
        RoleAssignment.objects.select_related("unit").filter(pk=seat, account=account, ended_at=None).first()
    )
    return GUEST if sat is None else actor_of(found, sat)


def seats_of(account: int) -> list[RoleAssignment]:
    """The posts an account holds now, the oldest first."""
    return list(
        RoleAssignment.objects.select_related("unit").filter(account=account, ended_at=None).order_by("pk")
    )
