"""The published promises P1–P10 counted on arrays: the fast twin of `rules.runs.verification`. (trust.md 2)

Like its twin it never options how a result came about, and it shares nothing with `settle`, `ranking` or
`answering`: it counts who sits in a quota and who would rather sit there, and compares scores and draws
themselves. Where a count is not 0 the twin says the sentences.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from yangguang.engine.input import ApplicantColumns
from yangguang.engine.jit import jit
from yangguang.engine.problem import Bits, Ints, Shorts
from yangguang.rules.plans.quotas import ProgrammeSeats, Tie
from yangguang.rules.runs.lottery import opens
from yangguang.rules.runs.published_properties import Drawing, Property

Matrix = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class StoredResult:
    """R rows of a result as they are stored.

    Args:
        person: int32[R]; 0 … N−1 of `ApplicantColumns`, and for each number that is not there one from N on.
        rank: int64[R]; from 1; anything where there is no seat.
        programme: int32[R]; −1 without a seat, as many as there are programmes for one that is not there.
        quota: int32[R]; number of its code in `codes`; −1 without a seat.
        codes: codes of quotas, each once; all that rows, programmes or people name.
    """

    person: Shorts
    rank: Ints
    programme: Shorts
    quota: Shorts
    codes: list[str]


class _QuotaColumns:
    """The quotas of all programmes in the order in which they are filled."""

    def __init__(
        self, programmes: Sequence[ProgrammeSeats], people: ApplicantColumns, codes: list[str]
    ) -> None:
        at = {code: i for i, code in enumerate(codes)}
        order = [quota for programme in programmes for quota in programme.by_priority]
        sizes = [len(programme.quotas) for programme in programmes]
        self.programmes, self.order = programmes, order
        self.first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        self.code = np.array([at[quota.code] for quota in order], np.int32)
        self.waits = np.array([quota.tie is Tie.ALL_WAIT for quota in order], np.bool_)
        self.open = np.array([[code in kinds for code in codes] for kinds in people.kind_sets], np.bool_)
        self.open = self.open.reshape(len(people.kind_sets), len(codes))
        self.at = np.full((len(programmes) + 1, len(codes)), -1, np.int32)
        self.at[np.repeat(np.arange(len(programmes)), sizes), self.code] = np.arange(len(order))

    def seats(self, came: Ints) -> Ints:
        """Seats after cap and flow, from how many sit there or would rather sit there."""
        found = np.zeros(len(self.order), np.int64)
        for n, programme in enumerate(self.programmes):
            left = programme.seats if programme.cap is None else programme.cap
            first = int(self.first[n])
            places = {quota.code: first + i for i, quota in enumerate(programme.by_priority)}
            for quota in programme.by_priority:
                b = places[quota.code]
                seats = min(quota.seats, left)
                left -= seats
                moved = max(0, seats - int(came[b])) if quota.flows_to is not None else 0
                found[b] += seats - moved
                if quota.flows_to is not None:
                    found[places[quota.flows_to]] += moved
        return found


def count_violations(
    people: ApplicantColumns,
    programmes: Sequence[ProgrammeSeats],
    result: StoredResult,
    *,
    stopped: Collection[int],
    capped: Mapping[int, int],
    drawing: Drawing,
    special: str,
) -> dict[Property, int]:
    """How often each promise is broken; the numbers of `rules.runs.verification.verify`.

    Args:
        programmes: programme i of `people` is `programmes[i]`.
        stopped, capped: by number of the programme from 1, as `queries.runs.input_format.Frozen` has them.
        special: code of the dedicated class; its group are those to whom nothing else is open.
    """
    quotas = _QuotaColumns(programmes, people, result.codes)
    persons, places, codes = len(people.numbers), len(programmes), len(result.codes)
    seated = result.programme >= 0
    who, programme, code = result.person[seated], result.programme[seated], result.quota[seated]
    known = who < persons
    rows = np.bincount(result.person, minlength=persons)
    totals = np.bincount(programme, minlength=places + 1)
    taken = np.bincount(programme.astype(np.int64) * codes + code, minlength=(places + 1) * codes)
    envied, idle, seats = _spread(people, quotas, result)
    most = np.array(
        [row.seats if row.cap is None else min(row.cap, row.seats) for row in programmes], np.int64
    )
    here = quotas.at >= 0
    group = np.array([kinds == (special,) for kinds in people.kind_sets], np.bool_)
    seats = np.zeros(len(who), np.bool_)
    seats[known] = group[people.kinds[who[known]]]
    in_special = code == (result.codes.index(special) if special in result.codes else -2)
    strange, unfit = np.zeros(1, np.int64), np.zeros(1, np.int64)
    _choices(
        people.first, people.programme, people.barred, people.kinds, quotas.open, quotas.at, who, programme,
        result.rank[seated], code, strange, unfit,
    )  # fmt: skip
    closed = np.isin(programme, np.array(sorted(stopped), np.int64) - 1)
    over = sum(int(totals[n - 1]) > cap for n, cap in capped.items())
    return {
        Property.P1: envied,
        Property.P2: idle,
        Property.P3: int((taken.reshape(-1, codes)[here] > seats[quotas.at[here]]).sum())
        + int((totals[:places] > most).sum()),
        Property.P4: int((rows[result.person] > 1).sum())
        + int((result.person >= persons).sum())
        + int((rows[:persons] == 0).sum()),
        Property.P5: int(strange[0]),
        Property.P6: int(unfit[0]),
        Property.P7: int(closed.sum()) + over,
        Property.P8: _misdrawn(people, drawing),
        Property.P9: int(people.locked[who[known]].sum()),
        Property.P10: int((seats != in_special).sum()),
    }


def _spread(people: ApplicantColumns, quotas: _QuotaColumns, result: StoredResult) -> tuple[int, int, Ints]:
    """How many were passed over, how many quotas have an idle seat, and the seats of each quota."""
    persons, size = len(people.numbers), len(quotas.order)
    seat_programme, seat_code = np.full(persons, -1, np.int32), np.full(persons, -1, np.int32)
    known = result.person < persons
    seat_programme[result.person[known]] = result.programme[known]
    seat_code[result.person[known]] = result.quota[known]
    sitting, waiting, alike = (np.zeros(size, np.int64) for _ in range(3))
    last, best = np.full(size, -1, np.int64), np.full(size, -1, np.int64)
    envied = np.zeros(1, np.int64)
    columns = (
        people.first, people.programme, people.barred, people.kinds, people.scores, people.bonus, people.draws,
        people.person, quotas.first, quotas.code, quotas.waits, quotas.open, seat_programme, seat_code,
    )  # fmt: skip
    _walk(*columns, False, sitting, waiting, alike, last, best, envied)
    _walk(*columns, True, sitting, waiting, alike, last, best, envied)
    seats = quotas.seats(sitting + waiting)
    idle = seats - sitting
    fits = (idle > 0) & (waiting > 0) & (~quotas.waits | (alike <= idle))
    return int(envied[0]), int(fits.sum()), seats


@jit
def _better(
    scores: Matrix,
    bonus: Ints,
    draws: npt.NDArray[np.uint8],
    whose: Shorts,
    one: int,
    other: int,
    score_only: bool,
) -> tuple[bool, bool]:
    """Whether slot `one` goes before slot `other`, and whether their scores are equal.

    A missing score is negative; no bonus is added to it.
    """
    a, b = whose[one], whose[other]
    for i in range(scores.shape[1]):
        first, second = scores[a, i], scores[b, i]
        if i == 0:
            first += bonus[one] if first >= 0 else 0
            second += bonus[other] if second >= 0 else 0
        if first != second:
            return first > second, False
    if not score_only:
        for i in range(draws.shape[1]):
            if draws[a, i] != draws[b, i]:
                return draws[a, i] < draws[b, i], True
    return False, True


@jit
def _walk(
    first: Ints,
    programme: Shorts,
    barred: Shorts,
    kinds: Shorts,
    scores: Matrix,
    bonus: Ints,
    draws: npt.NDArray[np.uint8],
    whose: Shorts,
    quota_first: Ints,
    code: Shorts,
    waits: Bits,
    is_open: npt.NDArray[np.bool_],
    seat_programme: Shorts,
    seat_code: Shorts,
    judging: bool,
    sitting: Ints,
    waiting: Ints,
    alike: Ints,
    last: Ints,
    best: Ints,
    envied: Ints,
) -> None:
    """Enter everybody in every quota at least as good as the seats seat; when `judging`, compare with its last one.

    `last` and `best` are slots: the choice with which somebody stands there.
    """
    for person in range(len(first) - 1):
        matching = False
        for slot in range(first[person], first[person + 1]):
            here = programme[slot] == seat_programme[person]
            if barred[slot] < 0:
                for b in range(quota_first[programme[slot]], quota_first[programme[slot] + 1]):
                    if not is_open[kinds[person], code[b]]:
                        continue
                    matching = here and seat_code[person] == code[b]
                    if judging:
                        if not matching and last[b] >= 0:
                            ahead, equal = _better(scores, bonus, draws, whose, slot, last[b], waits[b])
                            if ahead or (waits[b] and equal):
                                envied[0] += 1
                    elif matching:
                        sitting[b] += 1
                        if last[b] < 0 or _better(scores, bonus, draws, whose, last[b], slot, waits[b])[0]:
                            last[b] = slot
                    else:
                        waiting[b] += 1
                        ahead, equal = True, False
                        if best[b] >= 0:
                            ahead, equal = _better(scores, bonus, draws, whose, slot, best[b], waits[b])
                        if ahead and not (equal and not waits[b]):
                            best[b] = slot
                            alike[b] = 1
                        elif equal:
                            alike[b] += 1
                    if matching:
                        break
            if here or matching:
                break


@jit
def _choices(
    first: Ints,
    choice: Shorts,
    barred: Shorts,
    kinds: Shorts,
    is_open: npt.NDArray[np.bool_],
    at: npt.NDArray[np.int32],
    who: Shorts,
    programme: Shorts,
    rank: Ints,
    code: Shorts,
    strange: Ints,
    unfit: Ints,
) -> None:
    """Count seats at programmes not chosen or with a wrong rank, and seats of people who are not eligible for them."""
    for row in range(len(who)):
        person = who[row]
        fitting = False
        if person < len(first) - 1:
            for slot in range(first[person], first[person + 1]):
                if choice[slot] != programme[row]:
                    continue
                fitting = fitting or rank[row] == slot - first[person] + 1
                if (
                    barred[slot] >= 0
                    or not is_open[kinds[person], code[row]]
                    or at[programme[row], code[row]] < 0
                ):
                    unfit[0] += 1
        if not fitting:
            strange[0] += 1


def _misdrawn(people: ApplicantColumns, drawing: Drawing) -> int:
    """Choices with a draw that does not recompute, and one more for a seed that does not open its commitment."""
    hasher, seed = drawing.hasher, drawing.seed
    drawn = b"".join([hasher(seed + number) for number in people.numbers.tolist()])
    again = np.frombuffer(drawn, np.uint8).reshape(-1, 32)
    wrong = (again != people.draws).any(axis=1)
    return int(np.diff(people.first)[wrong].sum()) + (not opens(seed, drawing.commitment, hasher))
