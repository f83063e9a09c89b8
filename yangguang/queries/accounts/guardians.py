"""The guardian a family named last: a copy goes there, and a code may be sent there instead. (F-B6)"""

from yangguang.models import Application, Guardian
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right


def guardian_phone(person: int) -> str:
    """The phone of the guardian of the person (row id), "" without a guardian and while no phone is known."""
    guardian = find_guardian(person)
    return "" if guardian is None or guardian.phone is None else guardian.phone.reveal()


def find_guardian(person: int) -> Guardian | None:
    """The guardian that was named last for the person (row id), None when none is registered."""
    guardian: Guardian | None = Guardian.objects.filter(person=person).order_by("-pk").first()
    return guardian


def list_copies(by: Actor) -> list[tuple[Application, Guardian]]:
    """The newest application of each student of the actor, with the guardian who gets copies of the messages."""
    rows = Application.objects.for_actor(by, Right.RESULT_LOOKUP_SELF).select_related("person")
    newest = {row.person_id: row for row in rows.order_by("person_id", "pk")}
    last = {row.person_id: row for row in Guardian.objects.filter(person__in=newest).order_by("pk")}
    return [(newest[person], guardian) for person, guardian in last.items()]
