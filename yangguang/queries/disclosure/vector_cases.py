"""The made-up rounds of the test vectors: one for each part of the format, and one with all of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from yangguang.gateways.ciphers import sm3
from yangguang.rules.plans.quotas import Mode, Quota, Tie

GENERAL, LOCAL, OUTSIDE = "general", "local", "outside"
SMALL = 5
"""The smallest number that may be displayed."""

Wanted = tuple[int, Sequence[str], Sequence[str]]
"""An applicant: score, kinds of quotas, codes of the choices."""


@dataclass(frozen=True, slots=True)
class Case:
    """A round.

    Args:
        programmes: quotas by code. applicants: in order. caps: most admissions by code.
        masked, absent, withheld: codes under a pseudonym; not replayed; of these, under review.
    """

    name: str
    zh: str
    en: str
    programmes: Mapping[str, tuple[Quota, ...]]
    applicants: Sequence[Wanted]
    caps: Mapping[str, int] = field(default_factory=dict)
    masked: Collection[str] = ()
    absent: Collection[str] = ()
    withheld: Collection[str] = ()


def general(seats: int, tie: Tie = Tie.LOTTERY) -> tuple[Quota, ...]:
    """One quota for all applicants."""
    return (Quota(GENERAL, seats, Mode.AT_LEAST, 1, None, tie),)


def with_local(
    local: int, seats: int, flow: str | None = None, tie: Tie = Tie.LOTTERY, general_tie: Tie = Tie.LOTTERY
) -> tuple[Quota, ...]:
    """A quota for locals that is filled first, then one for all applicants."""
    first = Quota(LOCAL, local, Mode.AT_LEAST, 1, flow, tie)
    return (first, Quota(GENERAL, seats, Mode.AT_LEAST, 2, None, general_tie))


def with_outside(seats: int, most: int, mode: Mode = Mode.AT_MOST) -> tuple[Quota, ...]:
    """A quota for all applicants, then one to which its applicants are confined."""
    return (*general(seats), Quota(OUTSIDE, most, mode, 2, None, Tie.LOTTERY))


def pupils(text: str, kinds: Sequence[str] = (GENERAL,)) -> list[Wanted]:
    """Applicants, one a word: score, colon, one letter for each choice."""
    return [(int(score), kinds, tuple(codes)) for score, _, codes in (word.partition(":") for word in text.split())]


BOTH = (GENERAL, LOCAL)
_LOCALS = pupils("560:A 520:AB 500:A", BOTH)
_TIED = pupils("600:AB 590:AB 590:BA 590:A 580:AB 580:B 570:BA")


def _list_many() -> list[Wanted]:
    """160 applicants, each from the bytes of one digest, with many ties."""
    applicants: list[Wanted] = []
    for at in range(160):
        data = sm3(f"all\t{at}".encode())
        kinds = (OUTSIDE,) if data[1] % 9 == 0 else BOTH if data[1] % 3 == 0 else (GENERAL,)
        codes = tuple(dict.fromkeys("ABCDEFGH"[byte % 8] for byte in data[2:8]))
        applicants.append((500 + data[0] % 25, kinds, codes))
    return applicants


CASES = (
    Case(
        "lottery",
        "同分比抽签号",
        "equal scores go by the draw",
        {"A": general(2), "B": general(2), "C": general(1)},
        pupils("600:ABC 590:AB 590:AC 590:ABC 580:BAC 580:BC 570:CB 570:C"),
    ),
    Case(
        "all_wait",
        "末位同分全部候补，位次有并列",
        "all wait at a tie; places are shared",
        {"A": general(2, Tie.ALL_WAIT), "B": general(2, Tie.ALL_WAIT)},
        _TIED,
    ),
    Case(
        "cap",
        "录取上限从最后录取的类别减",
        "a cap takes seats from the quota filled last",
        {"A": with_local(2, 3), "B": general(4)},
        [*_LOCALS, *pupils("590:AB 580:AB 570:AB 550:BA 540:B")],
        caps={"A": 3, "B": 1},
    ),
    Case(
        "flow",
        "没有人用的名额流向后面的类别",
        "unused seats move to a later quota",
        {"A": with_local(5, 2, GENERAL), "B": general(1)},
        [*_LOCALS, *pupils("590:AB 580:BA 570:AB 550:A 540:AB 530:A")],
    ),
    Case(
        "kinds",
        "三种方式，几种考生",
        "three modes, several kinds of applicants",
        {"A": with_outside(2, 2), "B": with_outside(2, 1, Mode.EXACTLY), "C": with_local(1, 1)},
        [
            *pupils("600:AB 580:ABC 560:BC 540:CA"),
            *pupils("590:AB 570:BA 550:AB 530:A", (OUTSIDE,)),
            *pupils("585:CA 565:CB", BOTH),
        ],
    ),
    Case(
        "groups",
        "同一专业里一类抽签、一类同分候补：写同分组",
        "one quota draws, another waits: tie groups",
        {"A": with_local(2, 2, None, Tie.LOTTERY, Tie.ALL_WAIT), "B": with_local(1, 2, None, Tie.ALL_WAIT)},
        [*_TIED, *pupils("590:AB 590:BA 580:AB 580:BA", BOTH)],
    ),
    Case(
        "states",
        "代号、复核、不放进来的专业",
        "masked, held back and left out",
        {"A": general(3), "B": general(9), "C": general(2), "D": general(2)},
        pupils("600:CA 595:DA 590:AB 585:BA 580:ACB 575:DCA 570:AB 565:CDB"),
        masked=("B",),
        absent=("C", "D"),
        withheld=("C",),
    ),
    Case(
        "all",
        "全部特性，160 名考生",
        "all features, 160 applicants",
        {
            "A": general(9),
            "B": general(12, Tie.ALL_WAIT),
            "C": with_local(6, 9, GENERAL),
            "D": with_local(4, 10, GENERAL, Tie.ALL_WAIT, Tie.LOTTERY),
            "E": with_outside(8, 6),
            "F": with_outside(8, 4, Mode.EXACTLY),
            "G": with_local(5, 7, None, Tie.LOTTERY, Tie.ALL_WAIT),
            "H": general(20),
        },
        _list_many(),
        caps={"C": 12, "H": 9},
        absent=("F",),
        masked=("A",),
    ),
)
