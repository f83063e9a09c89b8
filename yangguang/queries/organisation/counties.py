"""Where people come from: the counties by city, for the list a family chooses from. (R1.08)"""

from django.db.models import Q

from yangguang.models import Unit


def own_province() -> Unit:
    """The province of this installation: the home of everyone who comes from another one."""
    found: Unit = Unit.objects.get(level=Unit.Level.PROVINCE)
    return found


def homes() -> dict[str, list[Unit]]:
    """Counties under the name of the unit they report to, and cities that have no counties; one query."""
    areas = list(
        Unit.objects.filter(Q(level=Unit.Level.COUNTY) | Q(level=Unit.Level.CITY))
        .select_related("parent")
        .order_by("region_code", "code")
    )
    parents = {area.parent_id for area in areas}
    found: dict[str, list[Unit]] = {}
    for area in areas:
        if area.level == Unit.Level.COUNTY or area.pk not in parents:
            found.setdefault(area.parent.name if area.parent else "", []).append(area)
    return found
