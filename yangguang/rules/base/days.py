"""The one reading of a day that people and files write, in any of the spellings in use."""

import re
from datetime import date

from yangguang.rules.base.folding import fold_number
from yangguang.rules.base.refusals import Refused

_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?:T?0{1,2}:00(?::00)?)?", re.ASCII)
_LONGEST = 40


def read_day(text: str) -> date:
    """The day written as 2024-09-01, 2024/9/1, 2024.9.1, 2024年9月1日 or 20240901, in any width; 0:00 may follow.

    Raises:
        Refused: it is another text, or no day of the calendar.
    """
    quoted = text.strip() if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    match = _DAY.fullmatch(fold_number(text)) if len(text) <= _LONGEST else None
    if match is None:
        raise Refused(f"‘{quoted}’不是日期", now="请写成 2024-09-01")
    year, month, day = (int(part) for part in match.groups() if part)
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Refused(f"‘{quoted}’这一天不存在", now="请核对年月日") from error
