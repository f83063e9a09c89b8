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


def clean_text(text: str, *, where: str = "", most: int | None = None) -> str:
    """The text without blanks around it.

    Args:
        where: the field, for the refusal.
        most: how many characters the field holds; None where its own limit is checked elsewhere.

    Raises:
        Refused: too long, an invisible character, or a whole identity number or mobile number in any width.
    """
    plain = check_length(text.strip(), most, where=where)
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


def check_length(text: str, most: int | None, *, where: str = "") -> str:
    """The same text; raises Refused when it has more than `most` characters, so that nothing is cut silently."""
    if most is not None and len(text) > most:
        raise Refused(f"写了{len(text)}个字，最多{most}个字", now="请缩短后再提交", where=where)
    return text
