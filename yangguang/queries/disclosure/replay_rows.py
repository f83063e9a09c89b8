"""From the frozen text and the result of a run to rows that tell nobody's name, score or draw. (docs/decisions/0022)"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from yangguang.rules.applicants.aptitude_tests import parted, raised
from yangguang.rules.base.refusals import Refused
from yangguang.rules.disclosure.anonymity import Asked
from yangguang.rules.runs.eligibility import DEDICATED, ORDINARY

HEAD = "yangguang-run\t1"
HIDDEN_KIND = DEDICATED[0]
NOTHING = "-"
Seat = tuple[int, str, str]
"""Number of the choice, line code, quota code."""


@dataclass(slots=True)
class TextLine:
    """A line as it stands in the text: the cap, and its quotas as cells, in order of priority."""

    code: str
    cap: str
    quotas: list[list[str]] = field(default_factory=list)

    @property
    def ties(self) -> set[str]:
        return {cells[5] for cells in self.quotas}

    @property
    def moves_hidden_seats(self) -> bool:
        """Seats of a dedicated class that flow would tell how many of its pupils came."""
        return any(cells[0] == HIDDEN_KIND and cells[4] != NOTHING for cells in self.quotas)

    def struck(self) -> dict[str, int]:
        """Seats of each quota after the cap, which is carried out from the one filled last."""
        seats = {cells[0]: int(cells[1]) for cells in self.quotas}
        excess = 0 if self.cap == NOTHING else max(0, sum(seats.values()) - int(self.cap))
        for code in reversed(seats):
            taken = min(excess, seats[code])
            seats[code] -= taken
            excess -= taken
        return seats


@dataclass(frozen=True, slots=True)
class Person:
    """One applicant of the text; a choice is "code", "code:barred" or "code+bonus"."""

    number: str
    scores: tuple[int, ...]
    draw: str
    kinds: tuple[str, ...]
    choices: tuple[str, ...]


def read_lines(text: str) -> dict[str, TextLine]:
    """The lines of a frozen text by code.

    Raises:
        Refused: the text has another form than this module knows.
    """
    if not text.startswith(HEAD + "\n"):
        raise Refused("冻结输入的格式变了，回放包做不出来", now="请先让回放包认识新的格式")
    lines: dict[str, TextLine] = {}
    for row in _rows(text, "programme"):
        lines[row[0]] = TextLine(row[0], row[1])
    for code, *cells in _rows(text, "quota"):
        lines[code].quotas.append(cells)
    return lines


def read_people(text: str) -> list[Person]:
    """The applicants in the order of the text; equal scores and kinds share one object."""
    scores: dict[str, tuple[int, ...]] = {"": ()}
    kinds: dict[str, tuple[str, ...]] = {}
    found = []
    for number, said, draw, open_to, _, choices in _rows(text, "person"):
        if said not in scores:
            scores[said] = tuple(map(int, said.split(",")))
        group = kinds.setdefault(open_to, tuple(open_to.split(",")))
        if group not in (ORDINARY, DEDICATED):
            # A kind that few people carry would mark them; somebody must think first.
            raise Refused(f"名额类别{open_to}还没有公开办法", now="请先决定这类考生在回放包里如何出现")
        found.append(Person(number, scores[said], draw, group, tuple(choices.split(" "))))
    return found


def placed(people: Sequence[Person], lines: dict[str, TextLine]) -> dict[str, list[Asked]]:
    """Every eligible choice of everybody with its place and its tied group; one pass over people from the best.

    A person carries one score and one draw through all choices, so one order of all people serves every line; where
    the line's aptitude test gave points, the person stands in that order once more, with the raised score.
    """
    asking = list(_asking(people, lines))
    order = {score: i for i, score in enumerate(sorted({claim.scores for claim in asking}, reverse=True))}
    ranked = sorted(asking, key=lambda claim: (order[claim.scores], claim.draw))
    count: dict[str, int] = defaultdict(int)
    tied: dict[str, tuple[tuple[int, ...], int]] = {}
    shared = {code for code, line in lines.items() if line.ties == {"all_wait"}}
    found: dict[str, list[Asked]] = {one.number: [] for one in people}
    for claim in ranked:
        for rank, code in claim.choices:
            place = count[code] = count[code] + 1
            score, group = tied.get(code, (None, 0))
            if score != claim.scores:
                group = place
                tied[code] = claim.scores, place
            found[claim.number].append(Asked(rank, code, group if code in shared else place, group, False))
    for mine in found.values():
        mine.sort()
    return found


@dataclass(frozen=True, slots=True)
class _Claim:
    """The choices (rank, line code) with which one person stands in the order under one score."""

    number: str
    scores: tuple[int, ...]
    draw: str
    choices: list[tuple[int, str]]


def _asking(people: Iterable[Person], lines: dict[str, TextLine]) -> Iterator[_Claim]:
    open_kinds = {code: {cells[0] for cells in line.quotas} for code, line in lines.items()}
    for one in people:
        plain = _Claim(one.number, one.scores, one.draw, [])
        for rank, text in enumerate(one.choices, 1):
            code, barred, points = (text, None, 0) if text in open_kinds else parted(text)
            if barred is not None or not open_kinds[code].intersection(one.kinds):
                continue
            if points:
                yield _Claim(one.number, raised(one.scores, points), one.draw, [(rank, code)])
            else:
                plain.choices.append((rank, code))
        yield plain


def looked_at(choices: Iterable[Asked], seat: Seat | None) -> list[Asked]:
    """The choices up to the own seat: the procedure never looks at a later one, so nobody else needs to."""
    if seat is None:
        return list(choices)
    return [one._replace(got=one.rank == seat[0]) for one in choices if one.rank <= seat[0]]


def _rows(text: str, kind: str) -> Iterator[list[str]]:
    head, at = f"\n{kind}\t", 0
    while (at := text.find(head, at)) >= 0:
        at += len(head)
        yield text[at : text.index("\n", at)].split("\t")
