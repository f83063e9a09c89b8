"""The counties by city, from which a family chooses its home. (R1.08)"""

from yangguang.models import Unit


def own_province() -> Unit:
    """The province of this installation, the home of everyone from another province."""
    province: Unit = Unit.objects.get(level=Unit.Level.PROVINCE)
    return province


def counties_by_city() -> dict[str, list[Unit]]:
    """Counties under the name of the unit they report to, and cities that have no counties; one query."""
    areas = Unit.objects.filter(level__in=(Unit.Level.COUNTY, Unit.Level.CITY)).select_related("parent")
    ordered = list(areas.order_by("region_code", "code"))
    parents = {area.parent_id for area in ordered}
    groups: dict[str, list[Unit]] = {}
    for area in ordered:
        if area.level == Unit.Level.COUNTY or area.pk not in parents:
            groups.setdefault(area.parent.name if area.parent else "", []).append(area)
    return groups
