"""Names and phones of persons: one canonical form, rare characters allowed, masked forms.

GB/T 35273 (masked display); R5.01.
"""

import re
import unicodedata
from functools import partial

from yangguang.rules.base.folding import DOT, fold_name, fold_number
from yangguang.rules.base.refusals import Refused

_LONGEST_NAME = 40
_LONGEST_INPUT = 200
_HAN = ((0x3007, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xFA0E, 0xFA29), (0x20000, 0x2FA1F), (0x30000, 0x3347F))
_LATIN_MARKS = frozenset(" '-.’")
_AS_ON_CARD = "请按身份证或户口簿上的姓名填写"


def clean_name(text: str) -> str:
    """The canonical form in which a name is stored and compared.

    As `fold_name`, and spaces only between Latin words.

    Raises:
        Refused: empty, over 40 characters, or with digits, control or private-use characters.
    """
    if len(text) > _LONGEST_INPUT:
        raise _too_long()
    name = re.sub(r"\s+", " ", fold_name(text))
    _check_characters(name)
    name = re.sub(r" ", _space, name)
    if not name:
        raise Refused("没有填写姓名", now=_AS_ON_CARD)
    if len(name) > _LONGEST_NAME:
        raise _too_long()
    if name[0] in _LATIN_MARKS | {DOT} or name[-1] in (_LATIN_MARKS | {DOT}) - {"."} or DOT * 2 in name:
        raise Refused("姓名里的间隔号位置不对", why="间隔号“·”只写在两段名字之间", now=_AS_ON_CARD)
    return name


def _space(match: re.Match[str]) -> str:
    """A space between two Latin words stays; any other one was typed to spread out a Chinese name."""
    text, start, end = match.string, match.start(), match.end()
    return " " if _is_latin(text[start - 1]) and _is_latin(text[end]) else ""


def _check_characters(name: str) -> None:
    for before, c in zip(f" {name}", name, strict=False):
        category = unicodedata.category(c)
        if category == "Co":
            raise Refused(
                "姓名里有旧字库的自造字，别的电脑会显示成另一个字",
                why="生僻字应使用国家标准 GB 18030 收录的字",
                now="请换用支持生僻字的输入法重新输入；仍打不出时请联系学校或招生主管部门代为登记",
            )
        if category in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
            raise Refused("姓名里有看不见的控制字符", now="请删除后手工重新输入")
        if category.startswith("N") and c != "〇":
            raise Refused("姓名里有数字", now=_AS_ON_CARD)
        is_stray_mark = c in _LATIN_MARKS - {" "} and not unicodedata.name(before, "").startswith("LATIN ")
        if is_stray_mark or not (_is_han(c) or _is_latin(c) or c == DOT or c.isspace()):
            why = "姓名可用汉字、间隔号“·”和拉丁字母；连字符和撇号只用在拉丁字母之间"
            raise Refused(f"姓名里有不能使用的字符“{c}”", why=why, now=_AS_ON_CARD)


def _is_han(c: str) -> bool:
    return any(low <= ord(c) <= high for low, high in _HAN)


def _is_latin(c: str) -> bool:
    return c in _LATIN_MARKS - {" "} or unicodedata.name(c, "").startswith("LATIN ")


def _too_long() -> Refused:
    return Refused(f"姓名超过{_LONGEST_NAME}个字", why="登记的姓名最多40个字（含间隔号）", now=_AS_ON_CARD)


def mask_name(name: str) -> str:
    """First character of the first part, one star for every other; dots and spaces stay: 张**, 买***·***."""
    if len(name) == 1:
        return "*"
    return name[0] + "".join(c if c in {DOT, " "} else "*" for c in name[1:])


def clean_phone(text: str, *, now: str = "请核对后重新填写；没有手机时可填写监护人的号码") -> str:
    """Eleven digits of a mainland mobile number, from any spelling (full width, spaces, hyphens, +86, 0086).

    Args:
        now: the advice of the refusal.
    Raises:
        Refused: it is not a mobile number.
    """
    # No spelling of a number is so long; what is cut off could make another number of it.
    plain = re.sub(r"[-.()]", "", fold_number(text)) if len(text) <= _LONGEST_INPUT else ""
    digits = re.sub(r"^(?:\+|00)?86(?=1[0-9]{10}$)", "", plain)
    if not re.fullmatch(r"1[3-9][0-9]{9}", digits):
        raise Refused("手机号码不对", why="应是中国大陆的11位手机号码，以13至19开头", now=now)
    return digits


clean_guardian_phone = partial(clean_phone, now="请核对后重新填写监护人自己的手机号码")
"""`clean_phone` of the guardian's own number, which no other one can replace."""


def mask_phone(phone: str) -> str:
    """Three first and four last digits: 138****5678."""
    return phone[:3] + "*" * max(len(phone) - 7, 0) + phone[-4:] if len(phone) > 7 else "*" * len(phone)
