"""Small frozen rounds of every kind: programmes with quotas and applicants, as a run stores them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hypothesis import strategies as st

from tests.rules.oracle import programmes
from yangguang.engine.input import ApplicantColumns
from yangguang.gateways.ciphers import sm3
from yangguang.queries.runs.input_columns import read_columns
from yangguang.queries.runs.input_format import Frozen, FrozenProgramme, format_head, read_frozen
from yangguang.rules.applicants.aptitude_tests import format_choice
from yangguang.rules.plans.quotas import Quota
from yangguang.rules.runs import lottery
from yangguang.rules.runs.matching_types import Placement
from yangguang.rules.runs.published_properties import Drawing

SEED = bytes(range(32))
DRAWING = Drawing(SEED, lottery.commitment(SEED, sm3), sm3)
KINDS = (("普通",), ("普通", "调剂"), ("本市", "普通"), ("本市",), ("省外",), ("dedicated",))
SCORES = ("", "5", "5,1", "5,0", "6")


@dataclass(frozen=True, slots=True)
class FrozenPerson:
    """One applicant as in the text; `choices` are (programme code, barred or None) in order.

    `bonus`: programme code to the points of its aptitude test, where there are any.
    """

    number: str
    scores: str
    kinds: tuple[str, ...]
    locked: bool
    choices: tuple[tuple[str, str | None], ...]
    bonus: Mapping[str, int] = field(default_factory=dict)


def format_person(one: FrozenPerson, seed: bytes = SEED) -> str:
    """The row of an applicant, written independently of `queries.runs.input_columns`."""
    choices = " ".join(format_choice(code, barred, one.bonus.get(code, 0)) for code, barred in one.choices)
    cells = (
        "person",
        one.number,
        one.scores,
        lottery.draw(seed, one.number, sm3),
        ",".join(one.kinds),
        int(one.locked),
        choices,
    )
    return "\t".join(map(str, cells)) + "\n"


def format_text(
    round_row: tuple[object, ...],
    commitment: str,
    programmes: Iterable[FrozenProgramme],
    people: Iterable[FrozenPerson],
    seed: bytes = SEED,
) -> str:
    """The canonical text of a run, row by row."""
    head = format_head(round_row, commitment, programmes).decode()
    return head + "".join(format_person(one, seed) for one in people)


def output_hash(placements: Sequence[Placement], codes: Sequence[str]) -> str:
    """SM3 of a list, from rows: as `actions.runs.results.hash_results` computes it from columns."""
    rows = []
    for row in placements:
        programme = "-" if row.programme is None else codes[row.programme - 1]
        reasons = ",".join(f"barred:{one.barred}" if one.barred else one.code.value for one in row.reasons)
        rows.append("\t".join([row.number, str(row.rank or "-"), programme, row.quota or "-", reasons]))
    return sm3(("\n".join(sorted(rows)) + "\n").encode()).hex()


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
        return cls(plain, read_frozen(text), *read_columns(plain))


def _named(quota: Quota) -> Quota:
    names = {"特教": "dedicated"}
    return replace(quota, code=names.get(quota.code, quota.code))


@st.composite
def texts(draw: st.DrawFn, people: int = 8, count: int = 4) -> str:
    """The frozen text of a round with up to `people` applicants on up to `count` programmes."""
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
    codes = [programme.code for programme in offered]
    applicants, with_bonus = [], draw(st.booleans())
    for i in range(draw(st.integers(1, people))):
        bars = st.sampled_from([None] * 6 + ["origin", "stopped"])
        chosen = draw(st.permutations(codes))[: draw(st.integers(1, len(codes)))]
        applicants.append(
            FrozenPerson(
                f"N{i:02d}" + "X" * (i % 3),
                draw(st.sampled_from(SCORES)),
                draw(st.sampled_from(KINDS)),
                draw(st.integers(0, 9)) == 0,
                tuple((code, draw(bars)) for code in chosen),
                {code: draw(st.integers(0, 2)) for code in chosen} if with_bonus else {},
            )
        )
    return format_text((2024, "AUTUMN", 2, "ranked"), DRAWING.commitment, offered, applicants)
