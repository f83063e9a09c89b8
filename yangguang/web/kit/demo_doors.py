"""The doors of the demonstration (“进入为…”), the same on the front page and at /demo/; the key is what POST takes."""

from yangguang.queries.demo import Door, officers, stage_says, students
from yangguang.rules.accounts.roles import FAMILY
from yangguang.rules.base.refusals import NotFound


def doors() -> dict[str, Door]:
    """Every door by its key, families first; ask settings.DEMO before calling."""
    return {door.key: door for door in [*students(), *officers()]}


def door_named(key: str) -> Door:
    """The door of a button that was pressed, as things stand now: the page it stood on may be an old one.

    Raises:
        NotFound: nobody is at that stage any more, or the seat is not offered.
    """
    door = doors().get(key)
    if door is not None:
        return door
    if says := stage_says(key):
        raise NotFound(
            f"现在没有演示考生处在“{says}”这一步",
            why="原来的考生已经办到下一步，您打开的页面是以前的",
            now="请回到首页，重新选一个身份",
        )
    raise NotFound("没有这个演示身份", why="演示数据可能已经重置", now="请回到首页，重新选一个身份")


def shown_doors() -> dict[str, list[dict[str, str]]]:
    """Every door as the roles component takes it: `families` and `staff`."""
    found: dict[str, list[dict[str, str]]] = {"families": [], "staff": []}
    for key, door in doors().items():
        note = door.says or f"{door.unit or '全省'}。{door.role.describes}"
        one = {"value": key, "label": door.role.label, "note": note}
        found["families" if door.role in FAMILY else "staff"].append(one)
    return found
