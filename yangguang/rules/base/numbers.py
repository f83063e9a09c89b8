"""The 报名号, which reveals neither order nor person, and the code of a text message. (F-B5)"""

import re

from yangguang.rules.base.folding import fold_number, fold_text, keep_digits
from yangguang.rules.base.refusals import Refused

_LONGEST_MESSAGE = 500
_CODE_DIGITS = 6


def application_number(year: int, digest: bytes, *, is_autumn: bool, attempt: int = 0) -> str:
    """Sixteen digits: year, season, twelve digits of a keyed digest, Luhn check digit.

    A running number would reveal who came first and could be guessed; one mistyped digit is noticed before anything
    is looked up.

    Args:
        digest: keyed digest of season and identity, at least 8 bytes.
        attempt: 0, or how many earlier numbers of this digest were taken by others.
    """
    body = f"{year % 100:02d}{2 if is_autumn else 1}{(int.from_bytes(digest[:8]) + attempt) % 10**12:012d}"
    return body + luhn(body)


def luhn(body: str) -> str:
    """The check digit of ISO/IEC 7812-1 over decimal digits."""
    doubled = (int(c) * (2 - i % 2) for i, c in enumerate(reversed(body)))
    return str(-sum(n // 10 + n % 10 for n in doubled) % 10)


def is_application_number(text: str) -> bool:
    """Whether `text` is well formed, given out or not."""
    return len(text) == 16 and text.isascii() and text.isdecimal() and luhn(text[:-1]) == text[-1]


def clean_application_number(text: str) -> str:
    """The sixteen digits of a 报名号 in any spelling: full width, blanks, hyphens, the apostrophe of our CSV files.

    Raises:
        Refused: it cannot be one, which its check digit shows before anything is looked up.
    """
    plain = fold_number(text).replace("-", "").strip("'’")
    if not is_application_number(plain):
        why = "报名号是16位数字，印在回执上，最后一位是校验码"
        if re.fullmatch(r"\d(\.\d+)?E\+?\d+", plain):
            why = "这是电子表格改写过的数，原来的号码已经丢失"
        raise Refused("报名号不对", why=why, now="请对照回执逐位核对")
    return plain


def clean_code(text: str) -> str:
    """The code of a text message: its six digits, whatever was pasted with them, the whole message included.

    Returns:
        every digit of a text in which no single code can be seen; "" for a text that is no short message.
    """
    if len(text) > _LONGEST_MESSAGE:
        return ""
    runs = set(re.findall(r"(?<!\d)\d{6}(?!\d)", fold_text(text), re.ASCII))
    digits = keep_digits(text)
    return runs.pop() if len(runs) == 1 and len(digits) > _CODE_DIGITS else digits
