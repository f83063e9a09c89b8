"""Free text: nothing invisible, and no identity number or phone, which belong in sealed fields.

T3.25; 个人信息保护法 第六条 (no more data than needed).
"""

import re
import unicodedata

from yangguang.rules.base.refusals import Refused

# Cc except line breaks and tabs, Cf (bidi and zero-width), Co, Cs.
_INVISIBLE = {"Cc", "Cf", "Co", "Cs"}
_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])(?:[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx]|1[3-9]\d{9})(?![0-9A-Za-z])"
)


def clean_text(text: str, *, where: str = "") -> str:
    """The text without blanks around it.

    Args:
        where: the field, for the refusal.

    Raises:
        Refused: an invisible character, or a whole identity number or mobile number in any width.
    """
    plain = text.strip()
    for c in plain:
        if unicodedata.category(c) in _INVISIBLE and c not in "\n\r\t":
            raise Refused(
                f"里面有看不见的控制字符（U+{ord(c):04X}）", now="请删除后手工重新输入，不要从别处粘贴", where=where
            )
    if _NUMBER.search(unicodedata.normalize("NFKC", plain)):
        raise Refused(
            "里面有完整的身份证号或手机号",
            why="这一栏会原样显示给办理人员，证件号和手机号只加密保存在专门的栏目里",
            now="请删去号码，用文字说明",
            where=where,
        )
    return plain
