"""The doors of the demonstration (“进入为…”), the same on the front page and at /demo/; the key is what POST takes."""

from yangguang.queries.demo import Door, officers, students
from yangguang.rules.roles import FAMILY


def doors() -> dict[str, Door]:
    """Every door by its key, families first; ask settings.DEMO before calling."""
    return {f"{door.role}{n}": door for n, door in enumerate([*students(), *officers()])}


def shown(key: str, door: Door) -> dict[str, str]:
    """One door as the roles component takes it."""
    note = door.says or f"{door.unit or '全省'}。{door.role.describes}"
    return {"value": key, "label": door.role.label, "note": note}


def is_family(door: Door) -> bool:
    return door.role in FAMILY
