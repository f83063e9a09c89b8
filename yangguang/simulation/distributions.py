"""The distributions of the simulated students: names, origins, homes and tracks. All of them are 演示."""

from bisect import bisect
from collections.abc import Mapping
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

from yangguang.reference import rows
from yangguang.rules.applicants.origins import Origin
from yangguang.rules.base.labels import Labelled

T = TypeVar("T")


class Weighted(Generic[T]):
    """Things with weights, quick to draw from."""

    def __init__(self, weights: Mapping[T, int]) -> None:
        self.things = list(weights)
        self._marks = list(accumulate(weights.values()))

    def draw(self, rng: Random) -> T:
        return self.things[bisect(self._marks, rng.random() * self._marks[-1])]


class Track(Labelled):
    """How a simulated student is admitted."""

    RANKED = "ranked", "填报志愿"
    IMPORTED_3_2 = "imported_3_2", "3+2录取导入"
    IMPORTED_FIVE_YEAR = "imported_five_year", "五年一贯制录取导入"
    SPRING = "spring", "春季入学"
    DIRECT = "direct", "免试注册"


SURNAMES = Weighted({row["surname"]: int(row["weight"]) for row in rows("surnames")})
GIVEN = {
    sex: Weighted({row["character"]: int(row["weight"]) for row in rows("given_characters") if row["sex"] == sex})
    for sex in ("男", "女", "罕")
}
DOUBLE_SURNAMES = frozenset(name for name in SURNAMES.things if len(name) == 2)
# Names of two parts as several peoples of China write them; put together at random.
FIRST_PARTS = {
    "男": ("艾力", "买买提", "阿布都", "努尔", "帕尔哈提"),
    "女": ("古丽", "阿依", "热娜", "阿孜古丽", "迪丽"),
}
LAST_PARTS = ("吐尔逊", "艾山", "卡德尔", "阿不都热合曼", "玉素甫", "肉孜", "萨迪克")

HAVE_SCORES = frozenset({Origin.JUNIOR_THIS_YEAR, Origin.JUNIOR_EARLIER})
ORIGINS = Weighted(
    {
        Origin.JUNIOR_THIS_YEAR: 800,
        Origin.JUNIOR_EARLIER: 60,
        Origin.HIGH_SCHOOL_LEAVER: 40,
        Origin.VETERAN: 12,
        Origin.ATHLETE: 3,
        Origin.WORKER: 22,
        Origin.FARMER: 18,
        Origin.EMPLOYEE: 15,
        Origin.LAID_OFF: 8,
        Origin.RETURNED_MIGRANT: 16,
        Origin.EQUIVALENT: 6,
    }
)

# Ages in days on 1 July of the intake year, youngest and oldest, by origin; adults have ADULT.
ADULT = (18 * 366, 45 * 365)
AGES = {
    Origin.JUNIOR_EARLIER: (15 * 365, 18 * 365),
    Origin.HIGH_SCHOOL_LEAVER: (16 * 365, 20 * 365),
    Origin.VETERAN: (20 * 366, 30 * 365),
    Origin.ATHLETE: (18 * 366, 28 * 365),
    Origin.EQUIVALENT: (16 * 365, 30 * 365),
}
# Graduates of this year: one school year wide, a few younger and older; the first are under 14.
GRADUATES = Weighted({(4600, 5100): 1, (5115, 5400): 8, (5400, 5800): 82, (5800, 6300): 9})

ADULT_TRACKS = Weighted({Track.DIRECT: 9, Track.SPRING: 1})
TRACKS = {
    Origin.JUNIOR_THIS_YEAR: Weighted(
        {Track.RANKED: 74, Track.IMPORTED_3_2: 9, Track.IMPORTED_FIVE_YEAR: 7, Track.DIRECT: 10}
    ),
    Origin.JUNIOR_EARLIER: Weighted({Track.RANKED: 5, Track.DIRECT: 4, Track.SPRING: 1}),
}

# Zhengzhou has most students: 500 parts for each of its counties that is not named here, 8 for one elsewhere.
_NEAR = {"410122": 1200, "410183": 1200, "410184": 1400, "410182": 1200, "410185": 1400, "410181": 600, "410108": 400}
_COUNTIES = [row["code"] for row in rows("units") if row["level"] == "COUNTY"]
HOMES = Weighted({code: _NEAR.get(code, 500 if code.startswith("4101") else 8) for code in _COUNTIES})
