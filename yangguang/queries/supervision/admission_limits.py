"""Limits of admissions: the most persons of a school, and the pupils of dedicated classes.
(R4.02, R7.04, R10.02)
"""

from datetime import datetime

from yangguang.models import SpecialNeeds
from yangguang.queries.supervision.sanctions import effects_in_force

_DEDICATED = SpecialNeeds.Provision.DEDICATED_CLASS


def school_limits(at: datetime) -> dict[int, int]:
    """School → the most persons it may admit this year (0: stopped), for schools with such a measure in force."""
    limits = {}
    for unit, effects in effects_in_force(at).items():
        if caps := [cap for cap in (effects.registrations_cap, effects.plan_cap) if cap is not None]:
            limits[unit] = min(caps) if effects.takes_new else 0
    return limits


def dedicated_pupils(person: int | None = None) -> set[int]:
    """Row ids of the pupils of dedicated classes; decrypted for the kinds of seats only, never displayed.

    Args:
        person: row id of one person; None is all persons.
    """
    rows = SpecialNeeds.objects.all() if person is None else SpecialNeeds.objects.filter(person=person)
    return {row.person_id for row in rows.only("person_id", "provision") if row.provision.reveal() == _DEDICATED}
