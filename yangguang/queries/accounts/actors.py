"""From an account to the actor that enters an action."""

from yangguang.models import Account, Person, RoleAssignment
from yangguang.rules.accounts.actors import GUEST, Actor
from yangguang.rules.accounts.roles import Role


def actor_of(account: Account, seat: RoleAssignment | None = None) -> Actor:
    """The actor of a signed-in account: in its seat for staff, for its own persons for families.

    Args:
        seat: which of the account's seats it sits in; the first one when None.
    """
    if account.frozen_at is not None:
        return GUEST
    seat = seat or account.seats.select_related("unit").filter(ended_at=None).order_by("pk").first()
    if seat is None:
        people = tuple(Person.objects.filter(account=account).order_by("pk").values_list("pk", flat=True))
        return Actor(role=Role.STUDENT, account=account.pk, name=account.name, people=people)
    return Actor(
        role=Role(seat.role),
        account=account.pk,
        name=account.name,
        unit=seat.unit_id,
        unit_name=seat.unit.name if seat.unit else "",
        path=seat.unit.path if seat.unit else "",
        sector=seat.sector,
    )
