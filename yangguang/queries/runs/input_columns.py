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
from yangguang.postgres.copy import NULL
from yangguang.queries.runs.input_format import Frozen, read_frozen
from yangguang.rules.applicants.aptitude_tests import format_choice
from yangguang.rules.applicants.origins import Origin
from yangguang.rules.runs.eligibility import DEDICATED, ORDINARY, Gate, find_bar
from yangguang.rules.runs.matching_types import Barred

Bonus = tuple[str, int, int]
"""报名号, row id of the programme, points of its aptitude test."""


def read_columns(plain: bytes | bytearray) -> tuple[Frozen, ApplicantColumns]:
    """The rows of a frozen text with the people as columns; `applicants`, `locked` and `dedicated` stay empty.

    Raises:
        Irregular: a text of another form.
    """
    start = plain.find(b"\nperson\t") + 1 or len(plain)
    frozen = read_frozen(plain[:start].decode())
    return frozen, read_applicants(as_text(plain)[start:], frozen.codes)


def format_people(
    head: bytes,
    rows: Text,
    gates: Mapping[int, tuple[str, Gate]],
    round_origins: Collection[str],
    dedicated: Collection[int],
    seed: bytes,
    bonuses: Collection[Bonus] = (),
) -> memoryview:
    """Every applicant with choices in force in the round, by 报名号, after `head`.

    A choice whose programme is not among `gates` is left out; only a trial of one school has any.

    Args:
        rows: 报名号, origin, "{scores}", "{row ids of programmes}", person, bar or NULL; by 报名号.
        gates: row id of each programme to its code and gate.
        dedicated: row ids of the pupils of dedicated classes.
        seed: of the lottery; only the draws go into the text.
        bonuses: points of aptitude tests; one whose person or programme is not among the rows is left out.
    """
    numbers, origins, scores, lists, persons, bars = find_cells(rows, 6)
    first, parts = split_cells(_without_braces(lists), ",")
    programme = _number_ids(read_integers(parts), sorted(gates))
    points = _find_points(read_words(numbers), first, programme, sorted(gates), bonuses) if bonuses else None
    choice, texts = _format_choices(bars, origins, first, programme, points, gates, round_origins)
    is_dedicated = np.isin(read_integers(persons), list(dedicated)).astype(np.int64)
    bar, codes = number_distinct(bars)
    is_locked = np.array([code == Barred.HAS_SEAT.value for code in codes], np.int64)[bar]
    first = np.concatenate([np.zeros(1, np.int64), np.cumsum(choice >= 0)])[first]
    columns = [
        pick_cells(["person"], np.zeros(len(is_locked), np.int64)),
        numbers,
        _without_braces(scores),
        spell_digests(_draws(numbers, seed)),
        pick_cells([",".join(ORDINARY), ",".join(DEDICATED)], is_dedicated),
        pick_cells(["0", "1"], is_locked),
        join_cells(pick_cells(texts, choice[choice >= 0]), first, " "),
    ]
    has_choices = np.diff(first) > 0
    return write_rows([cells.take(has_choices) for cells in columns], [*"\t" * 6, "\n"], head).data


def _without_braces(cells: Cells) -> Cells:
    return Cells(cells.text, cells.low + 1, cells.high - 1)


def _number_ids(ids: Ints, known: list[int]) -> Ints:
    """The number of each row id among the known ones, −1 for an unknown one."""
    if not known:
        return np.full(len(ids), -1, np.int64)
    rows = np.array(known, np.int64)
    at = np.minimum(np.searchsorted(rows, ids), len(rows) - 1)
    return np.where(rows[at] == ids, at, -1)


def _find_points(
    numbers: npt.NDArray[np.bytes_], first: Ints, programme: Ints, known: list[int], bonuses: Collection[Bonus]
) -> Ints:
    """Points for each choice, int64[S]; 0 for most.

    Args:
        numbers: S…[N], ascending. first: choices of person i are first[i] … first[i+1]−1.
        programme: number of the programme of each choice, from 0 in the order of `known`.
    """
    points, at = np.zeros(len(programme), np.int64), {row: i for i, row in enumerate(known)}
    person = np.searchsorted(numbers, np.array([number.encode() for number, _, _ in bonuses]))
    for i, (number, row, bonus) in zip(person.tolist(), bonuses, strict=True):
        if i < len(numbers) and numbers[i] == number.encode() and row in at:
            own = slice(first[i], first[i + 1])
            points[own][programme[own] == at[row]] = bonus
    return points


def _format_choices(
    bars: Cells,
    origins: Cells,
    first: Ints,
    programme: Ints,
    points: Ints | None,
    gates: Mapping[int, tuple[str, Gate]],
    round_origins: Collection[str],
) -> tuple[Shorts, list[str]]:
    """The text of each choice: the code of its programme, with what bars the person there, or with the bonus.

    Equal choices (bar, origin, programme, points) share one text.

    Returns:
        the number of its text for each choice, −1 for one of an unknown programme; and the texts.
    """
    bar, bar_texts = number_distinct(bars)
    origin, origin_texts = number_distinct(origins)
    bonuses, bonus = (np.zeros(1, np.int64), 0) if points is None else np.unique(points, return_inverse=True)
    person = np.repeat(np.arange(len(bar)), np.diff(first))
    sizes = len(origin_texts), len(gates), len(bonuses)
    kind = ((bar.astype(np.int64) * sizes[0] + origin)[person] * sizes[1] + programme) * sizes[2] + bonus
    known = programme >= 0
    seen = np.zeros(len(bar_texts) * sizes[0] * sizes[1] * sizes[2], np.bool_)
    seen[kind[known]] = True
    texts, programmes = [], [gates[row] for row in sorted(gates)]
    for b, o, p, x in zip(*np.unravel_index(np.flatnonzero(seen), (len(bar_texts), *sizes)), strict=True):
        code, gate = programmes[p]
        barred_before = None if bar_texts[b] == NULL else Barred(bar_texts[b])
        barred = barred_before or find_bar(gate, Origin(origin_texts[o]), round_origins)
        texts.append(format_choice(code, None if barred is None else barred.value, int(bonuses[x])))
    numbers = np.full(len(kind), -1, np.int32)
    numbers[known] = (np.cumsum(seen, dtype=np.int32) - 1)[kind[known]]
    return numbers, texts


def _draws(numbers: Cells, seed: bytes) -> Text:
    """uint8[N, 32]; see `rules.runs.lottery.draw`."""
    text = numbers.text.tobytes()
    drawn = [sm3(seed + text[a:b]) for a, b in zip(numbers.low.tolist(), numbers.high.tolist(), strict=True)]
    return np.frombuffer(bytearray(b"".join(drawn)), np.uint8).reshape(-1, 32)
