"""Random rounds of some size: skewed popularity, many equal scores, and every kind of quota."""

import random

from yangguang.rules.plans.quotas import Mode, ProgrammeSeats, Quota, Tie
from yangguang.rules.runs.matching_types import Applicant, Choice

GROUPS = (
    (("普通",), 60),
    (("本市", "普通"), 15),
    (("本市", "艺术", "普通"), 5),
    (("艺术", "普通", "调剂"), 10),
    (("省外",), 5),
    (("特教",), 4),
    ((), 1),
)


def random_round(kind: str, seed: int, persons: int, programmes: int) -> tuple[list[Applicant], list[ProgrammeSeats]]:
    """A round that fills about four seats in five.

    Args:
        kind: "plain" (one quota, lottery), "quotas" (lottery), "waiting" (one quota, ALL_WAIT) or "mixed".
    """
    chance = random.Random(seed)
    seats = [_line(kind, n, max(1, persons * 4 // 5 // programmes), chance) for n in range(programmes)]
    applicants = []
    for index in range(persons):
        chosen = list(dict.fromkeys(int(programmes * chance.random() ** 2) for _ in range(9)))[:6]
        draw = f"{chance.getrandbits(64):016x}{index:06x}"
        score = (chance.randrange(30), chance.randrange(3))
        group = chance.choices([codes for codes, _ in GROUPS], [share for _, share in GROUPS])[0]
        codes = ("普通",) if kind in ("plain", "waiting") else group
        choices = tuple(
            Choice(programme, (score[0] + (programme % 7 == 0), score[1]), draw, codes, barred(chance))
            for programme in chosen
        )
        applicants.append(Applicant(f"{index:06d}", choices[: chance.randrange(7)]))
    return applicants, seats


def barred(chance: random.Random) -> str | None:
    return "score_floor" if chance.random() < 0.05 else None


def _line(kind: str, number: int, size: int, chance: random.Random) -> ProgrammeSeats:
    tie = Tie.ALL_WAIT if kind == "waiting" else Tie.LOTTERY
    if kind in ("plain", "waiting"):
        return ProgrammeSeats(number, (Quota("普通", chance.randrange(2 * size), Mode.AT_LEAST, 1, None, tie),))

    def part(code: str, share: int, mode: Mode, priority: int, flows_to: str | None) -> Quota:
        wait = kind == "mixed" and chance.random() < 0.4
        seats = chance.randrange(1 + 2 * size // share)
        return Quota(code, seats, mode, priority, flows_to, Tie.ALL_WAIT if wait else Tie.LOTTERY)

    parts = [
        part("本市", 6, Mode.AT_LEAST, 1, chance.choice([None, "普通", "艺术"])),
        part("艺术", 6, Mode.AT_LEAST, 2, chance.choice([None, "普通", "调剂"])),
        part("省外", 12, Mode.AT_MOST, 3, chance.choice([None, "普通", "调剂"])),
        part("特教", 12, Mode.EXACTLY, 4, None),
        part("普通", 2, Mode.AT_LEAST, 5, chance.choice([None, "调剂"])),
        part("调剂", 12, Mode.AT_LEAST, 6, None),
    ]
    total = sum(quota.seats for quota in parts)
    cap = chance.randrange(total + 1) if chance.random() < 0.2 else None
    return ProgrammeSeats(number, tuple(chance.sample(parts, len(parts))), cap)
