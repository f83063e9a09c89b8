"""Synthetic students for the demonstration: one seed always gives the same people, and none can be real.

Identity numbers pass every check but stand under place codes 49…: no province ever had 49 (GB/T 2260 goes
from 46 to 50), so no living person holds one. Phones start with 154, a range no operator has; in the
demonstration messages go to the fake gateway only. Names are drawn from frequency lists.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from yangguang.rules.applicants.origins import Origin
from yangguang.rules.base.folding import DOT
from yangguang.rules.base.id_number import age_on, check_digit
from yangguang.simulation import distributions
from yangguang.simulation.distributions import Track

MAX_STUDENTS = 1_000_000
"""The number of (place code, serial) pairs of ID numbers, and so of students of one seed."""
INTAKE = date(2024, 7, 1)
"""Ages are as of this day."""

_HALF = 50_000_000  # Phones of students lie below it, those of guardians above.
_FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


class Score(NamedTuple):
    """Points of the examination: three subjects up to 120, the others together up to 240, total up to 600."""

    total: int
    chinese: int
    maths: int
    english: int


@dataclass(frozen=True, slots=True)
class Student:
    """One person and how this person will behave.

    Args:
        home: code of the home county in `reference/units.csv`.
        guardian_name, guardian_phone: "" for adults.
        score: None for everyone the exam board does not know.
        special_needs: "MAINSTREAM", "DEDICATED_CLASS" or "".
        choice_seed: of the choices of programmes.
        spelling: another spelling of the same number with which this person tries to register again, or "".
    """

    name: str
    sex: str
    birth: date
    id_number: str
    phone: str
    guardian_name: str
    guardian_phone: str
    origin: Origin
    home: str
    track: Track
    score: Score | None
    special_needs: str
    submits_again: bool
    misses_answer: bool
    is_no_show: bool
    reports_error: bool
    choice_seed: int
    spelling: str


def generate_students(n: int, seed: int) -> Iterator[Student]:
    """The first `n` students of `seed`, one by one; a longer list begins with the shorter one.

    Args:
        n: 0 to 1,000,000.

    Raises:
        ValueError: there are not so many numbers.
    """
    if not 0 <= n <= MAX_STUDENTS:
        raise ValueError(f"n is 0 to {MAX_STUDENTS}")
    rng = Random(f"{seed}/{INTAKE.year}")
    shift = rng.randrange(MAX_STUDENTS)
    last: Student | None = None
    for index in range(n):
        elder = last if last and last.guardian_phone and rng.random() < 0.004 else None
        student = _student(rng, index, shift, elder)
        last = None if elder else student
        yield student


def _student(rng: Random, index: int, shift: int, elder: Student | None) -> Student:
    """One person; `elder` is a brother or sister who shares phone, guardian, surname and home."""
    origin = Origin.JUNIOR_THIS_YEAR if elder else distributions.ORIGINS.draw(rng)
    track = distributions.TRACKS.get(origin, distributions.ADULT_TRACKS).draw(rng)
    sex = "男" if rng.random() < 0.54 else "女"
    birth = INTAKE - timedelta(days=_age_in_days(rng, origin))
    surname = _surname_of(elder.guardian_name) if elder else distributions.SURNAMES.draw(rng)
    number = _id_number(index, shift, birth, sex)
    has_score = origin in distributions.HAVE_SCORES and track is not Track.SPRING and track is not Track.DIRECT
    is_minor = age_on(birth, INTAKE) < 18
    guardian, guardian_phone = _guardian(rng, index, shift, surname, elder) if is_minor else ("", "")
    return Student(
        name=_name(rng, surname, sex),
        sex=sex,
        birth=birth,
        id_number=number,
        phone=elder.phone if elder else f"154{(index * 31_415_927 + shift) % _HALF:08}",
        guardian_name=guardian,
        guardian_phone=guardian_phone,
        origin=origin,
        home=elder.home if elder else distributions.HOMES.draw(rng),
        track=track,
        score=_score(rng) if has_score else None,
        special_needs=_special_needs(rng) if is_minor else "",
        submits_again=rng.random() < 0.25,
        misses_answer=rng.random() < 0.04,
        is_no_show=rng.random() < 0.05,
        reports_error=rng.random() < 0.02,
        choice_seed=rng.getrandbits(32),
        spelling=_spelling(number) if rng.random() < 0.003 else "",
    )


def _guardian(rng: Random, index: int, shift: int, surname: str, elder: Student | None) -> tuple[str, str]:
    """Name and phone of the guardian; brothers and sisters have the same."""
    if elder:
        return elder.guardian_name, elder.guardian_phone
    name = surname + _given(rng, "男" if rng.random() < 0.5 else "女")
    return name, f"154{_HALF + (index * 27_182_819 + shift) % _HALF:08}"


def _surname_of(name: str) -> str:
    return name[: 2 if name[:2] in distributions.DOUBLE_SURNAMES else 1]


def _age_in_days(rng: Random, origin: Origin) -> int:
    is_graduate = origin is Origin.JUNIOR_THIS_YEAR
    ages, graduates = distributions.AGES, distributions.GRADUATES
    low, high = graduates.draw(rng) if is_graduate else ages.get(origin, distributions.ADULT)
    return low + int(rng.random() * (high - low))


def _id_number(index: int, shift: int, birth: date, sex: str) -> str:
    """Each index has its own place code and pair of serials, scattered: neighbours do not look alike."""
    place, serial = divmod((index * 618_033 + shift) % MAX_STUDENTS, 500)
    first17 = f"{490101 + place}{birth:%Y%m%d}{2 * serial + (sex == '男'):03}"
    return first17 + check_digit(first17)


def _name(rng: Random, surname: str, sex: str) -> str:
    chance = rng.random()
    if chance < 0.004:
        return f"{rng.choice(distributions.FIRST_PARTS[sex])}{DOT}{rng.choice(distributions.LAST_PARTS)}"
    given = _given(rng, sex)
    return surname + (given[:-1] + distributions.GIVEN["罕"].draw(rng) if chance < 0.012 else given)


def _given(rng: Random, sex: str) -> str:
    given = distributions.GIVEN[sex]
    return given.draw(rng) if rng.random() < 0.18 else given.draw(rng) + given.draw(rng)


def _score(rng: Random) -> Score:
    """Points in steps of five around one ability, so that totals tie often and whole results sometimes."""
    ability = rng.gauss(0.55, 0.13)
    chinese, maths, english = (_points(rng, ability, 120) for _ in range(3))
    return Score(chinese + maths + english + _points(rng, ability, 240), chinese, maths, english)


def _points(rng: Random, ability: float, most: int) -> int:
    return min(max(5 * round(most * (ability + rng.random() * 0.3 - 0.15) / 5), 0), most)


def _special_needs(rng: Random) -> str:
    chance = rng.random()
    return "MAINSTREAM" if chance < 0.0035 else "DEDICATED_CLASS" if chance < 0.005 else ""


def _spelling(number: str) -> str:
    """The same number as it is typed in other ways: small x, full width."""
    return number.lower() if number.endswith("X") else number.translate(_FULL_WIDTH)
