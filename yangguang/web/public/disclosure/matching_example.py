"""The worked example on the replay page: six pupils and three schools that a reader may change and run again. (F-A12)

It runs `rules.runs.matching`, the published matching; nothing is stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yangguang.rules.runs.matching import Market, ProgrammeState, QuotaState

SCHOOLS = {"e": "东校", "w": "西校", "s": "南校"}
PUPILS = ("甲", "乙", "丙", "丁", "戊", "己")
DRAWS = (4, 2, 6, 1, 3, 5)
"""Lottery numbers of the pupils; the smaller goes first."""
SCORES = tuple(range(95, 45, -5))
CHOICES = 3
CHOICE_OPTIONS = [*((code, name[0]) for code, name in SCHOOLS.items()), ("-", "无")]
"""What a box for a choice offers: one character, so that four boxes stand side by side on a phone."""
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
"""What a reader may want to see first: a title and what it changes."""


@dataclass(frozen=True, slots=True)
class Example:
    """What stands in the form: seats by school, and for each pupil the score and the choices in order."""

    seats: dict[str, int]
    scores: tuple[int, ...]
    choices: tuple[str, ...]
    all_wait: bool


def read(asked: Mapping[str, str]) -> Example:
    """The form as it was sent; whatever it does not offer stays as it was in the beginning."""
    seats = {code: _one(asked, code, range(MOST_SEATS + 1), most) for code, most in BEGIN_SEATS.items()}
    scores = tuple(_one(asked, f"p{i}", SCORES, score) for i, score in enumerate(BEGIN_SCORES))
    choices = tuple(_read_choices(asked, i, begin) for i, begin in enumerate(BEGIN_CHOICES))
    return Example(seats, scores, choices, asked.get("tie") == "all_wait")


def _one(asked: Mapping[str, str], name: str, offered: Any, begin: int) -> int:
    text = asked.get(name, "")
    return int(text) if text in map(str, offered) else begin


def _read_choices(asked: Mapping[str, str], pupil: int, begin: str) -> str:
    """A school that is named twice counts where it stands first; an empty box is skipped."""
    names = [asked.get(f"p{pupil}w{rank}", begin[rank - 1]) for rank in range(1, CHOICES + 1)]
    return "".join(dict.fromkeys(name for name in names if name in SCHOOLS))


def form(example: Example) -> dict[str, Any]:
    """The boxes of the form with what is chosen in them."""
    rows = [
        {
            "name": name,
            "draw": DRAWS[i],
            "score": _box(f"p{i}", f"{name}的总分", [(str(s), str(s)) for s in SCORES], str(example.scores[i])),
            "choices": [
                _box(
                    f"p{i}w{rank}", f"{name}的第{rank}志愿", CHOICE_OPTIONS, example.choices[i][rank - 1 : rank] or "-"
                )
                for rank in range(1, CHOICES + 1)
            ],
        }
        for i, name in enumerate(PUPILS)
    ]
    numbers = [(str(n), f"{n} 个") for n in range(MOST_SEATS + 1)]
    return {
        "rows": rows,
        "seats": [_box(code, f"{name}的名额", numbers, str(example.seats[code])) for code, name in SCHOOLS.items()],
        "tie": _box(
            "tie",
            "同分怎么办",
            [("lottery", "抽签号小的在前"), ("all_wait", "末位同分的一起候补")],
            "all_wait" if example.all_wait else "lottery",
        ),
    }


def _box(name: str, label: str, options: list[tuple[str, str]], chosen: str) -> dict[str, Any]:
    return {"name": name, "label": label, "options": [(value, says, value == chosen) for value, says in options]}


def market(example: Example) -> Market:
    """The example for the replay: places by score, then by draw."""
    codes = list(SCHOOLS)
    quotas = [QuotaState("general", example.seats[code], ties_wait=example.all_wait) for code in codes]
    made = Market(ProgrammeState(code, [quota]) for code, quota in zip(codes, quotas, strict=True))
    general = frozenset(["general"])
    for i, name in enumerate(PUPILS):
        better = [(-example.scores[other], DRAWS[other]) for other in range(len(PUPILS))]
        choices = []
        for code in example.choices[i]:
            here = [better[other] for other in range(len(PUPILS)) if code in example.choices[other]]
            place = 1 + sum(key < better[i] for key in here)
            group = 1 + sum(key[0] < better[i][0] for key in here)
            choices.append((codes.index(code), group if example.all_wait else place, group, general))
        made.add_applicant(name, choices)
    return made


def play(example: Example) -> dict[str, Any]:
    """Every round in words: who comes to which school, who stays, who has to go on; and where everybody ends."""
    played = market(example)
    names = list(SCHOOLS.values())
    rounds = []
    for number, (asked, away) in enumerate(played.rounds(), 1):
        held = played.admissions()
        schools = []
        for line, name in enumerate(names):
            came = [row for row, at in asked if at == line]
            if came:
                gone = [row for row, at in away if at == line]
                stays = [row for row in sorted(held) if held[row][0] == line]
                schools.append(
                    {
                        "name": name,
                        "came": _said(came, example),
                        "stays": _said(stays, example),
                        "gone": _said(gone, example),
                        "pushed": _said([r for r in gone if r not in came], example),
                    }
                )
        rounds.append({"number": number, "schools": schools})
    return {"rounds": rounds, "ends": _ends(played, example)}


def _said(rows: list[int], example: Example) -> list[dict[str, Any]]:
    order = sorted(rows, key=lambda row: (-example.scores[row], DRAWS[row]))
    return [{"name": PUPILS[row], "score": example.scores[row]} for row in order]


def _ends(played: Market, example: Example) -> list[dict[str, Any]]:
    seated, ends = played.admissions(), []
    for row, name in enumerate(PUPILS):
        code = played.programmes[seated[row][0]].code if row in seated else ""
        rank = example.choices[row].index(code) + 1 if code else None
        ends.append({"name": name, "score": example.scores[row], "school": SCHOOLS.get(code, ""), "rank": rank})
    return ends
