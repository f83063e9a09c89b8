"""What changed between two versions of a list of choices, as a short message to the family. (F-N2)"""

from collections.abc import Sequence
from datetime import datetime
from itertools import zip_longest

from yangguang.rules.seasons.windows import SHANGHAI

LONGEST = 300
"""Characters of one message, at most."""
_TAIL = "不是您改的，请立即修改，或在复核期内按“不是我改的”。"


def list_changes(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """One phrase for each rank that changed; the names are "某校·某专业", in order of choice."""
    phrases = []
    for rank, (old, new) in enumerate(zip_longest(before, after, fillvalue=""), 1):
        if not old:
            phrases.append(f"新增第{rank}志愿{new}")
        elif not new:
            phrases.append(f"删去第{rank}志愿{old}")
        elif old != new:
            phrases.append(f"第{rank}志愿由{old}改为{new}")
    return phrases


def describe_version(
    before: Sequence[str], after: Sequence[str], *, number: int, at: datetime, whose: str, by: str
) -> str:
    """The message about a version that was put in force.

    Args:
        before, after: names of the previous version in the same round ([] for the first one) and of the new one.
        number: of the new version. at: when it was received. by: who submitted it, "本人" or "监护人".
        whose: "您", or the words for the child in a message to the guardian.
    """
    when = at.astimezone(SHANGHAI)
    head = f"【阳光招生】{whose}的志愿" + ("有变动" if before else "已提交")
    head += f"（第{number}版，{when.month}月{when.day}日{when:%H:%M}，{by}）："
    phrases = list_changes(before, after) or ["内容与上一版相同"]
    return head + fit_phrases(phrases, LONGEST - len(head) - len(_TAIL)) + _TAIL


def fit_phrases(phrases: Sequence[str], room: int) -> str:
    """As many phrases as fit into `room` characters, with their number where not all do."""
    whole = "；".join(phrases) + "。"
    if len(whole) <= room:
        return whole
    end = f"；等共{len(phrases)}处。"
    texts = ("；".join(phrases[:count]) + end for count in range(len(phrases) - 1, 0, -1))
    return next((text for text in texts if len(text) <= room), f"共{len(phrases)}处，请登录查看。")
