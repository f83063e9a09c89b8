"""Who may be admitted to what: a school's most persons of the year, and the pupils of dedicated classes.
(R4.02, R7.04, R10.02)
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from yangguang.models import SpecialNeeds
from yangguang.queries.supervision.sanctions import in_force

FREE_TO_ALL = "coalesce(sum(k.seats - k.taken) FILTER (WHERE k.code <> 'dedicated'), 0)::int"
"""Free seats of the quotas k that the public reads: what is left of a dedicated class tells how many pupils it has."""


def school_limits(at: datetime) -> dict[int, int]:
    """School to the most persons it may admit this year (0: stopped), for those with such a measure in force."""
    limits = {}
    for unit, found in in_force(at).items():
        caps = [cap for cap in (found.registrations_cap, found.plan_cap) if cap is not None]
        if caps:
            limits[unit] = min(caps) if found.takes_new else 0
    return limits


def dedicated_pupils(person: int | None = None) -> set[int]:
    """Row ids of the pupils of dedicated classes; opened here for the kinds of seats, shown nowhere.

    Args:
        person: ask for this person only.
    """
    rows = SpecialNeeds.objects.all() if person is None else SpecialNeeds.objects.filter(person=person)
    found: Iterable[tuple[int, Any]] = rows.values_list("person_id", "way")
    return {key for key, way in found if way.reveal() == SpecialNeeds.Way.DEDICATED_CLASS}
