"""A school's aptitude test for a programme: points that count in the total at that programme and nowhere else.
(R3.10)
"""

BONUS = "+"
"""Between a programme's code and the points in the text of a frozen choice: "code+12"."""


def add_points(score: tuple[int, ...], points: int) -> tuple[int, ...]:
    """The score at a programme whose aptitude test gave `points`; without a total it stays empty.

    Args:
        score: total first, then the named subjects, all in points.
    """
    return (score[0] + points, *score[1:]) if score else score


def format_choice(code: str, barred: str | None, points: int = 0) -> str:
    """A choice as the frozen text has it: "code", "code:barred" or "code+points".

    A barred choice has no points, so that every input has exactly one text.
    """
    if barred is not None:
        return f"{code}:{barred}"
    return f"{code}{BONUS}{points}" if points else code


def parse_choice(text: str) -> tuple[str, str | None, int]:
    """The parts of a frozen choice: code, barred or None, points.

    Raises:
        ValueError: the points are not a number from 1.
    """
    code, bar, barred = text.partition(":")
    code, bonus, points = code.partition(BONUS)
    is_number = points.isascii() and points.isdecimal() and not points.startswith("0") and len(points) < 5
    if (bonus and (barred or not is_number)) or (bar and not barred):
        raise ValueError(f"a choice of another form: {text}")
    return code, barred or None, int(points or 0)
