"""Small frozen rounds of every kind: programmes with quotas and applicants, as a run stores them."""

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from tests.rules.oracle import programmes
from yangguang.engine.input import ApplicantColumns
from yangguang.gateways.ciphers import sm3
from yangguang.queries.runs.input_columns import read_columns
from yangguang.queries.runs.input_format import Frozen, FrozenPerson, FrozenProgramme, read, spell
from yangguang.rules.plans.quotas import Quota
from yangguang.rules.runs.lottery import commitment
from yangguang.rules.runs.verification import Drawing

SEED = bytes(range(32))
DRAWING = Drawing(SEED, commitment(SEED, sm3), sm3)
KINDS = (("普通",), ("普通", "调剂"), ("本市", "普通"), ("本市",), ("省外",), ("dedicated",))
SCORES = ("", "5", "5,1", "5,0", "6")


@dataclass(frozen=True)
class Round:
    """A text, read row by row and as columns."""

    plain: bytearray
    rows: Frozen
    head: Frozen
    people: ApplicantColumns

    @classmethod
    def read(cls, text: str) -> "Round":
        plain = bytearray(text.encode())
        return cls(plain, read(text), *read_columns(plain))


def _named(quota: Quota) -> Quota:
    names = {"特教": "dedicated"}
    return replace(quota, code=names.get(quota.code, quota.code))


@st.composite
def texts(draw: st.DrawFn, people: int = 8, count: int = 4) -> str:
    """The frozen text of a round with up to `people` applicants on up to `count` lines."""
    offered = [
        FrozenProgramme(
            f"专{one.programme}" if one.programme % 2 else f"L{one.programme}",
            tuple(map(_named, one.quotas)),
            one.cap,
            draw(st.integers(0, 9)) == 0,
            draw(st.sampled_from([None, None, 1, 3])),
        )
        for one in draw(programmes(count=count))
    ]
    codes = [line.code for line in offered]
    asking, with_bonus = [], draw(st.booleans())
    for i in range(draw(st.integers(1, people))):
        bars = st.sampled_from([None] * 6 + ["origin", "stopped"])
        chosen = draw(st.permutations(codes))[: draw(st.integers(1, len(codes)))]
        asking.append(
            FrozenPerson(
                f"N{i:02d}" + "X" * (i % 3),
                draw(st.sampled_from(SCORES)),
                draw(st.sampled_from(KINDS)),
                draw(st.integers(0, 9)) == 0,
                tuple((code, draw(bars)) for code in chosen),
                {code: draw(st.integers(0, 2)) for code in chosen} if with_bonus else {},
            )
        )
    spelled = spell((2024, "AUTUMN", 2, "ranked"), DRAWING.commitment, offered, asking, SEED)
    return "\n".join([*spelled, ""])
