"""Read an identity number in any spelling into its canonical form, or refuse it with a sentence for the fault.

GB 11643-1999 (18 characters, MOD 11-2); R5.01: length, birth date and check digit are hard rules; the place code
is not checked, because counties are created and dissolved during a lifetime.
"""

import re
from dataclasses import dataclass
from datetime import date

from yangguang.rules.base.folding import fold_number
from yangguang.rules.base.labels import Labelled
from yangguang.rules.base.refusals import Refused

CLAUSE = "GB 11643-1999《公民身份号码》"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_LONGEST = 64  # Longer input is not a number with spaces in it; refuse it before doing any work on it.
# Permits of Hong Kong and Macao (H, M), of Taiwan (8 digits), passports of China and of other states.
_TRAVEL_DOCUMENT = re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?|[0-9]{8}|[A-Z]{1,2}[0-9]{7,8}")
# The last X as other keyboards and phones write it: a times sign, a Cyrillic or Greek letter, a star.
_OTHER_X = re.compile("[0-9]{17}[×✕╳ХΧ*]")
_COUNTER = "没有居民身份证或居住证的，请带上证件和监护人到居住地的县级招生主管部门现场登记"
_LOOK = "请对照身份证或户口簿逐位核对后重新填写"


class IdCardKind(Labelled):
    """Which card the number is printed on."""

    RESIDENT = "resident", "居民身份证"
    HMT = "hmt", "港澳台居民居住证"


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A number that passed every hard rule; `number` has 18 characters, X in upper case."""

    number: str
    birth: date
    sex: str
    kind: IdCardKind

    def __repr__(self) -> str:
        return f"IdNumber({mask(self.number)})"


def check_digit(first17: str) -> str:
    """The 18th character belonging to 17 digits (ISO 7064 MOD 11-2)."""
    return _CHECK[sum(w * (ord(c) - 48) for w, c in zip(_WEIGHTS, first17, strict=True)) % 11]


def read(text: str, at: date | None = None) -> IdNumber:
    """Read a number that a person typed, pasted or scanned.

    Args:
        text: any spelling: full-width digits, spaces, small x, invisible marks.
        at: today; with it, a birth date in the future is refused.

    Raises:
        Refused: with a sentence for each fault; the right check digit is never disclosed.
    """
    canonical = _canonical(text)
    try:
        birth = date(int(canonical[6:10]), int(canonical[10:12]), int(canonical[12:14]))
    except ValueError:
        raise _refused("证件号码里的出生日期不存在", "第7至14位应是真实的年月日") from None
    if birth.year < 1900 or (at is not None and birth > at):
        raise _refused("证件号码里的出生日期不合理", "出生日期不能早于1900年，也不能晚于今天")
    if check_digit(canonical[:17]) != canonical[17]:
        raise _refused("证件号码有一位或几位写错了", "最后一位校验码与前17位对不上")
    return IdNumber(
        number=canonical,
        birth=birth,
        sex="男" if int(canonical[16]) % 2 else "女",
        kind=IdCardKind.HMT if canonical[:2] in {"81", "82", "83"} else IdCardKind.RESIDENT,
    )


def _canonical(text: str) -> str:
    """18 characters of the right shape."""
    if len(text) > _LONGEST:
        raise _refused("证件号码太长", "居民身份证号码是18位")
    # The apostrophe keeps a number a text in a spreadsheet.
    plain = fold_number(text).lstrip("'‘’`")
    if _OTHER_X.fullmatch(plain):
        plain = f"{plain[:-1]}X"
    if not plain:
        raise _refused("没有填写证件号码", "")
    if _TRAVEL_DOCUMENT.fullmatch(plain):
        raise _refused("这是通行证或护照的号码，网上报名不能用", "网上只能核验18位的身份证或居住证号码", _COUNTER)
    if re.fullmatch(r"[0-9]{15}", plain):
        raise _refused("请填18位号码", "15位的旧号码从2013年1月1日起停用；漏写年份的前两位，也会是这个长度")
    if not re.fullmatch(r"[0-9X]+", plain):
        raise _refused("证件号码里有不该出现的字符", "证件号码只含数字，最后一位可以是X")
    if len(plain) != 18:
        raise _refused(f"证件号码是{len(plain)}位，长度不对", "居民身份证号码是18位")
    if "X" in plain[:-1]:
        raise _refused("字母X的位置不对", "X只能是18位号码的最后一位")
    return plain


def _refused(what: str, why: str, now: str = _LOOK) -> Refused:
    return Refused(what, why=why, now=now, clause=CLAUSE)


def mask(number: str) -> str:
    """First three and last four characters, stars between; a short document number keeps its last two."""
    if len(number) < 12:
        return "*" * max(len(number) - 2, 0) + number[-2:] if len(number) > 4 else "*" * len(number)
    return number[:3] + "*" * (len(number) - 7) + number[-4:]


def age_on(birth: date, at: date) -> int:
    """Full years (周岁) on the day `at`; a child of 29 February is a year older on 1 March."""
    return at.year - birth.year - ((at.month, at.day) < (birth.month, birth.day))
