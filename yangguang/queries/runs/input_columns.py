"""The applicants of a run from COPY's rows to the rows of the frozen text, column by column. (R3.04, F-D2)"""

from collections.abc import Collection, Mapping

import numpy as np
import numpy.typing as npt

from yangguang.engine.input import ApplicantColumns, read_applicants
from yangguang.engine.problem import Ints, Shorts
from yangguang.engine.tsv_reader import (
    Cells,
    Text,
    as_text,
    find_cells,
    number_distinct,
    read_integers,
    read_words,
    split_cells,
)
from yangguang.engine.tsv_writer import join_cells, pick_cells, spell_digests, write_rows
from yangguang.gateways.ciphers import sm3
from yangguang.queries.runs.input_format import Frozen, read
from yangguang.rules.applicants.aptitude_tests import format_choice
from yangguang.rules.applicants.origins import Origin
from yangguang.rules.runs.eligibility import DEDICATED, ORDINARY, Gate, barred_at
from yangguang.rules.runs.matching_types import Barred

_NO_STANDING = "\\N"
Bonus = tuple[str, int, int]
"""报名号, row id of the programme, points of its aptitude test."""


def read_columns(plain: bytes | bytearray) -> tuple[Frozen, ApplicantColumns]:
    """The rows of a frozen text with the people as columns; `applicants`, `locked` and `dedicated` stay empty.

    Raises:
        Irregular: a text that was not spelled as documented.
    """
    start = plain.find(b"\nperson\t") + 1 or len(plain)
    frozen = read(plain[:start].decode())
    return frozen, read_applicants(as_text(plain)[start:], frozen.codes)


def spell_people(
    head: bytes,
    read: Text,
    gates: Mapping[int, tuple[str, Gate]],
    round_origins: Collection[str],
    dedicated: Collection[int],
    seed: bytes,
    bonuses: Collection[Bonus] = (),
) -> memoryview:
    """Everyone with choices in force in the round, by 报名号, after `head`.

    A choice whose programme is not among `gates` is left out: in a trial it is another school's, and before any other
    run `queries.runs.preconditions` has made sure that there is none.

    Args:
        read: rows of 报名号, origin, "{scores}", "{row ids of programmes}", person, bar or NULL; by 报名号.
        gates: row id of each programme to its code and gate.
        dedicated: row ids of the pupils of dedicated classes.
        seed: of the lottery; only the draws go into the text.
        bonuses: points of aptitude tests; one whose person or programme is not among the read rows is left out.
    """
    numbers, origin_cells, scores, lists, persons, bars = find_cells(read, 6)
    standing, standings = number_distinct(bars)
    origin, origins = number_distinct(origin_cells)
    first, parts = split_cells(_without_braces(lists), ",")
    programme = _numbers(read_integers(parts), sorted(gates))
    rows = np.repeat(np.arange(len(origin)), np.diff(first))
    points = sorted({0, *(bonus[2] for bonus in bonuses)})
    kind = (standing.astype(np.int64) * len(origins) + origin)[rows] * len(gates) + programme
    if bonuses:
        extra = _extra(read_words(numbers), first, programme, sorted(gates), bonuses)
        kind = kind * len(points) + np.searchsorted(points, extra)
    kind[programme < 0] = -1
    choice, used = _closed_up(kind, len(standings) * len(origins) * len(gates) * len(points))
    terms = _terms(used, standings, origins, [gates[row] for row in sorted(gates)], round_origins, points)
    is_dedicated = np.isin(read_integers(persons), list(dedicated)).astype(np.int64)
    locked = np.array([name == Barred.HAS_SEAT.value for name in standings], np.int64)[standing]
    kept = choice >= 0
    first = np.concatenate([np.zeros(1, np.int64), np.cumsum(kept)])[first]
    columns = [
        pick_cells(["person"], np.zeros(len(origin), np.int64)),
        numbers,
        _without_braces(scores),
        spell_digests(_draws(numbers, seed)),
        pick_cells([",".join(ORDINARY), ",".join(DEDICATED)], is_dedicated),
        pick_cells(["0", "1"], locked),
        join_cells(pick_cells(terms, choice[kept]), first, " "),
    ]
    has_choices = np.diff(first) > 0
    return write_rows([cells.take(has_choices) for cells in columns], [*"\t" * 6, "\n"], head).data


def _without_braces(cells: Cells) -> Cells:
    return Cells(cells.text, cells.low + 1, cells.high - 1)


def _numbers(ids: Ints, known: list[int]) -> Ints:
    """Where each row id stands among the known ones, −1 where it does not."""
    if not known:
        return np.full(len(ids), -1, np.int64)
    rows = np.array(known, np.int64)
    at = np.minimum(np.searchsorted(rows, ids), len(rows) - 1)
    return np.where(rows[at] == ids, at, -1)


def _closed_up(kind: Ints, most: int) -> tuple[Shorts, list[int]]:
    """Numbers without gaps in place of wide ones; −1 stays."""
    seen = np.zeros(most, np.bool_)
    seen[kind[kind >= 0]] = True
    number = np.cumsum(seen, dtype=np.int32) - 1
    if not most:
        return kind.astype(np.int32), []
    return np.where(kind < 0, np.int32(-1), number[kind]).astype(np.int32), np.flatnonzero(seen).tolist()


def _extra(
    numbers: npt.NDArray[np.bytes_], first: Ints, programme: Ints, known: list[int], bonuses: Collection[Bonus]
) -> Ints:
    """Points for each choice, int64[S]; 0 for most.

    Args:
        numbers: S…[N], ascending. first: choices of person i are first[i] … first[i+1]−1.
        programme: number of the programme of each choice, from 0 in the order of `known`.
    """
    found, at = np.zeros(len(programme), np.int64), {row: i for i, row in enumerate(known)}
    person = np.searchsorted(numbers, np.array([number.encode() for number, _, _ in bonuses]))
    for who, (number, row, points) in zip(person.tolist(), bonuses, strict=True):
        if who < len(numbers) and numbers[who] == number.encode() and row in at:
            own = slice(first[who], first[who + 1])
            found[own][programme[own] == at[row]] = points
    return found


def _terms(
    used: list[int],
    standings: list[str],
    origins: list[str],
    gates: list[tuple[str, Gate]],
    round_origins: Collection[str],
    points: list[int],
) -> list[str]:
    """How a choice is spelled: the code of its programme, with what bars people of this standing and origin there."""
    found = []
    for kind in used:
        rest, bonus = divmod(kind, len(points))
        who, programme = divmod(rest, len(gates))
        standing, origin = divmod(who, len(origins))
        code, gate = gates[programme]
        barred = barred_at(gate, Origin(origins[origin]), round_origins)
        held = Barred(standings[standing]) if standings[standing] != _NO_STANDING else barred
        found.append(format_choice(code, None if held is None else held.value, points[bonus]))
    return found


def _draws(numbers: Cells, seed: bytes) -> Text:
    """uint8[N, 32]; see `rules.runs.lottery.draw`."""
    text = numbers.text.tobytes()
    drawn = [sm3(seed + text[a:b]) for a, b in zip(numbers.low.tolist(), numbers.high.tolist(), strict=True)]
    return np.frombuffer(bytearray(b"".join(drawn)), np.uint8).reshape(-1, 32)
