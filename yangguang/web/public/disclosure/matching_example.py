"""The worked example on the replay page: six pupils and three schools that a reader may change and run again. (F-A12)

It runs `rules.runs.matching`, the published matching; nothing is stored.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from yangguang.rules.runs.matching import Market, ProgrammeState, QuotaState

SCHOOLS = {"e": "东校", "w": "西校", "s": "南校"}
PUPILS = ("甲", "乙", "丙", "丁", "戊", "己")
DRAWS = (4, 2, 6, 1, 3, 5)
"""Lottery numbers of the pupils; the smaller goes first."""
SCORES = tuple(range(95, 45, -5))
CHOICES = 3
CHOICE_OPTIONS = [*((code, name[0]) for code, name in SCHOOLS.items()), ("-", "无")]
"""Options of a choice: one character, so that four boxes fit side by side on a phone."""
MOST_SEATS = 4
BEGIN_SEATS = {"e": 2, "w": 1, "s": 2}
BEGIN_SCORES = (90, 85, 80, 75, 70, 65)
BEGIN_CHOICES = ("esw", "esw", "ews", "sew", "wse", "swe")
TRIES = (
    ("丙把西校放到第一", {"p2w1": "w", "p2w2": "e"}),
    ("南校多一个名额", {"s": "3"}),
    ("丁、戊、己同分，抽签", {"p4": "75", "p5": "75"}),
    ("丁、戊、己同分，一起候补", {"p4": "75", "p5": "75", "tie": "all_wait"}),
)
"""Suggested changes: a title, and the fields with their new values."""


@dataclass(frozen=True, slots=True)
class Example:
    """Content of the form: seats by school, and for each pupil the score and the choices in order."""

    seats: dict[str, int]
    scores: tuple[int, ...]
    choices: tuple[str, ...]
    all_wait: bool


class Box(NamedTuple):
    """A select element: its options as (value, label), and the chosen value."""

    name: str
    label: str
    options: list[tuple[str, str]]
    chosen: str


def read_example(params: Mapping[str, str]) -> Example:
    """The example of a query string; a value that the form does not offer is as in the beginning."""
    seats = {code: _read_number(params, code, range(MOST_SEATS + 1), most) for code, most in BEGIN_SEATS.items()}
    scores = tuple(_read_number(params, f"p{i}", SCORES, score) for i, score in enumerate(BEGIN_SCORES))
    choices = tuple(_read_choices(params, i, begin) for i, begin in enumerate(BEGIN_CHOICES))
    return Example(seats, scores, choices, params.get("tie") == "all_wait")


def _read_number(params: Mapping[str, str], name: str, options: Iterable[int], begin: int) -> int:
    text = params.get(name, "")
    return int(text) if text in map(str, options) else begin


def _read_choices(params: Mapping[str, str], pupil: int, begin: str) -> str:
    """The schools in order: one that is named twice counts at its first place; an empty box is skipped."""
    names = [params.get(f"p{pupil}w{rank}", begin[rank - 1]) for rank in range(1, CHOICES + 1)]
    return "".join(dict.fromkeys(name for name in names if name in SCHOOLS))


def build_form(example: Example) -> dict[str, object]:
    """The boxes of the form with their chosen values."""
    scores = [(str(score), str(score)) for score in SCORES]
    rows = [
        {
            "name": name,
            "draw": DRAWS[i],
            "score": Box(f"p{i}", f"{name}的总分", scores, str(example.scores[i])),
            "choices": [
                Box(f"p{i}w{rank}", f"{name}的第{rank}志愿", CHOICE_OPTIONS, example.choices[i][rank - 1 : rank] or "-")
                for rank in range(1, CHOICES + 1)
            ],
        }
        for i, name in enumerate(PUPILS)
    ]
    numbers = [(str(n), f"{n} 个") for n in range(MOST_SEATS + 1)]
    ties = [("lottery", "抽签号小的在前"), ("all_wait", "末位同分的一起候补")]
    return {
        "rows": rows,
        "seats": [Box(code, f"{name}的名额", numbers, str(example.seats[code])) for code, name in SCHOOLS.items()],
        "tie": Box("tie", "同分怎么办", ties, ties[example.all_wait][0]),
    }


def build_market(example: Example) -> Market:
    """The example as input of the matching: places by score, then by draw."""
    codes, general = list(SCHOOLS), frozenset(["general"])
    market = Market(
        ProgrammeState(code, [QuotaState("general", example.seats[code], ties_wait=example.all_wait)]) for code in codes
    )
    keys = [(-score, draw) for score, draw in zip(example.scores, DRAWS, strict=True)]
    for key, name, names in zip(keys, PUPILS, example.choices, strict=True):
        choices = []
        for code in names:
            others = [other for other, chosen in zip(keys, example.choices, strict=True) if code in chosen]
            place = 1 + sum(other < key for other in others)
            group = 1 + sum(other[0] < key[0] for other in others)
            choices.append((codes.index(code), group if example.all_wait else place, group, general))
        market.add_applicant(name, choices)
    return market


def play(example: Example) -> dict[str, object]:
    """Every round: for each school who comes, stays and is rejected; and where each pupil ends."""
    market, rounds = build_market(example), []
    for proposals, rejections in market.rounds():
        admissions, schools = market.admissions(), []
        for number, name in enumerate(SCHOOLS.values()):
            came = [row for row, programme in proposals if programme == number]
            gone = [row for row, programme in rejections if programme == number]
            stays = [row for row in admissions if admissions[row][0] == number]
            groups = {"came": came, "stays": stays, "gone": gone, "pushed": [row for row in gone if row not in came]}
            if came:
                schools.append({"name": name} | {key: _list_pupils(rows, example) for key, rows in groups.items()})
        rounds.append(schools)
    ends = []
    for row, (name, score) in enumerate(zip(PUPILS, example.scores, strict=True)):
        programme, _ = market.admissions().get(row, (None, ""))
        code = "" if programme is None else market.programmes[programme].code
        rank = example.choices[row].index(code) + 1 if code else None
        ends.append({"name": name, "score": score, "school": SCHOOLS.get(code, ""), "rank": rank})
    return {"rounds": rounds, "ends": ends}


def _list_pupils(rows: list[int], example: Example) -> list[dict[str, object]]:
    order = sorted(rows, key=lambda row: (-example.scores[row], DRAWS[row]))
    return [{"name": PUPILS[row], "score": example.scores[row]} for row in order]
