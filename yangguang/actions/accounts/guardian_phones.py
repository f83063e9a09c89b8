"""To which phone copies of a family's messages go: another one, or none when the number is another person's. (F-B6)"""

from yangguang.models import Guardian, Person
from yangguang.models.base.fields import blind
from yangguang.queries.accounts.guardians import find_guardian, guardian_phone


def replace_phone(guardian: Guardian, phone: str | None) -> Guardian:
    """Name the same guardian with another phone; the guardian named last gets the copies, the earlier row stays.

    Args:
        phone: None when only the old one is known to be another person's; there are no copies then.
    """
    named: Guardian = Guardian.objects.create(
        person_id=guardian.person_id,
        account_id=guardian.account_id,
        name=guardian.name,
        relation=guardian.relation,
        phone=phone,
    )
    return named


def stop_copies(account: int, phone_hash: bytes) -> None:
    """Send no copies to a phone that was given to another person, for the students of the account (row id)."""
    for person in Person.objects.filter(account=account):
        named, phone = find_guardian(person.pk), guardian_phone(person.pk)
        if named is not None and phone and blind(phone) == phone_hash:
            replace_phone(named, None)
