"""A school's aptitude test for a programme: points that count in the total at that programme and nowhere else.
(R3.10)
"""

BONUS = "+"
"""Between a programme's code and the points, as a frozen choice is spelled: "code+12"."""


def raised(score: tuple[int, ...], points: int) -> tuple[int, ...]:
    """Add the points of a programme's aptitude test to the total; without a total there is nothing to add to.

    Args:
        score: total first, then the named subjects, all in points.
    """
    return (score[0] + points, *score[1:]) if score else score


def spelled(code: str, barred: str | None, points: int = 0) -> str:
    """A choice as the frozen text has it: "code", "code:barred" or "code+points".

    Who takes no part in the ranking is spelled without points, so that every input has one text.
    """
    if barred is not None:
        return f"{code}:{barred}"
    return f"{code}{BONUS}{points}" if points else code


def parted(text: str) -> tuple[str, str | None, int]:
    """A frozen choice back in its parts: code, barred or None, points.

    Raises:
        ValueError: the points are not a number from 1.
    """
    code, bar, barred = text.partition(":")
    code, bonus, points = code.partition(BONUS)
    known = points.isascii() and points.isdecimal() and not points.startswith("0") and len(points) < 5
    if (bonus and (barred or not known)) or (bar and not barred):
        raise ValueError(f"a choice of another form: {text}")
    return code, barred or None, int(points or 0)
