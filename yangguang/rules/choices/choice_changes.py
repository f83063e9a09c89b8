"""What changed between two versions of a list of choices, in one short message for the family. (F-N2)"""

from collections.abc import Sequence
from datetime import datetime

from yangguang.rules.seasons.windows import SHANGHAI

LONGEST = 300
"""Characters of a message of the ledger."""
_TAIL = "不是您改的，请立即修改，或在复核期内按“不是我改的”。"


def changes(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """One phrase a rank that is not what it was; names are "某校·某专业", in order of choice."""
    found = []
    for rank in range(max(len(before), len(after))):
        old = before[rank] if rank < len(before) else ""
        new = after[rank] if rank < len(after) else ""
        if old == new:
            continue
        if not old:
            found.append(f"新增第{rank + 1}志愿{new}")
        elif not new:
            found.append(f"删去第{rank + 1}志愿{old}")
        else:
            found.append(f"第{rank + 1}志愿由{old}改为{new}")
    return found


def say_version(
    before: Sequence[str], after: Sequence[str], *, number: int, at: datetime, whose: str, by: str
) -> str:
    """The message about a version that was put in force.

    Args:
        before: the version before in the same round, [] for the first one; number: of the new version.
        at: when it was received; whose: "您" or how the guardian is spoken to about the child.
        by: in whose hand it was done: "本人", "监护人".
    """
    when = at.astimezone(SHANGHAI)
    head = f"【阳光招生】{whose}的志愿" + ("有变动" if before else "已提交")
    head += f"（第{number}版，{when.month}月{when.day}日{when:%H:%M}，{by}）："
    said = changes(before, after) or ["内容与上一版相同"]
    return head + fitted(said, LONGEST - len(head) - len(_TAIL)) + _TAIL


def fitted(phrases: Sequence[str], room: int) -> str:
    """As many phrases as fit into `room` characters, and how many there are when not all do."""
    whole = "；".join(phrases) + "。"
    if len(whole) <= room:
        return whole
    end = f"；等共{len(phrases)}处。"
    kept = ""
    for phrase in phrases:
        longer = f"{kept}；{phrase}" if kept else phrase
        if len(longer) + len(end) > room:
            break
        kept = longer
    return (kept + end) if kept else f"共{len(phrases)}处，请登录查看。"
