"""Violations of the published properties P1–P10, counted on arrays: the fast twin of `rules.runs.verification`.

Like its twin it looks at the result alone and shares no code with the matching: it counts who is admitted to a quota
and who would rather be, and compares scores and draws themselves. Where a count is not 0, the twin writes the
sentences.
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
        person: int32[R]; 0 … N−1 of `ApplicantColumns`; each unknown number has one from N on.
        rank: int64[R]; from 1; any number without an admission.
        programme: int32[R]; −1 without an admission; an unknown one is the number of programmes.
        quota: int32[R]; number of its code in `codes`; −1 without an admission.
        codes: codes of quotas, each once; all that occur in rows, programmes or applicants.
    """

    person: Shorts
    rank: Ints
    programme: Shorts
    quota: Shorts
    codes: list[str]


class _QuotaColumns:
    """The quotas of all programmes by priority."""

    def __init__(self, programmes: Sequence[ProgrammeSeats], people: ApplicantColumns, codes: list[str]) -> None:
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

    def final_seats(self, demand: Ints) -> Ints:
        """int64[Q]; seats after cap and moves, from how many are admitted or would rather be."""
        seats = np.zeros(len(self.order), np.int64)
        for programme, first in zip(self.programmes, self.first.tolist(), strict=False):
            left = programme.seats if programme.cap is None else programme.cap
            numbers = {quota.code: first + i for i, quota in enumerate(programme.by_priority)}
            for quota in programme.by_priority:
                own = min(quota.seats, left)
                left -= own
                number = numbers[quota.code]
                seats[number] += own
                if quota.flows_to is not None:
                    moved = max(0, own - int(demand[number]))
                    seats[number] -= moved
                    seats[numbers[quota.flows_to]] += moved
        return seats


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
    """The number of violations of each property, as `rules.runs.verification.verify` finds them.

    Args:
        programmes: programme i of `people` is `programmes[i]`.
        stopped, capped: by number of the programme from 1, as `queries.runs.input_format.Frozen` has them.
        special: code of the dedicated class, to which those belong who are eligible for nothing else.
    """
    quotas = _QuotaColumns(programmes, people, result.codes)
    admitted = result.programme >= 0
    person, programme = result.person[admitted], result.programme[admitted]
    persons = person[person < len(people.numbers)]
    totals = np.bincount(programme, minlength=len(programmes) + 1)
    passed_over, idle, seats = _compare_ends(people, quotas, result)
    not_chosen, not_eligible = _count_wrong_choices(people, quotas, result)
    over_cap = sum(int(totals[number - 1]) > cap for number, cap in capped.items())
    return {
        Property.P1: passed_over,
        Property.P2: idle,
        Property.P3: _count_overfull(quotas, result, seats, totals),
        Property.P4: _count_wrong_rows(result, len(people.numbers)),
        Property.P5: not_chosen,
        Property.P6: not_eligible,
        Property.P7: int(np.isin(programme, [number - 1 for number in stopped]).sum()) + over_cap,
        Property.P8: _count_wrong_draws(people, drawing),
        Property.P9: int(people.locked[persons].sum()),
        Property.P10: _count_wrong_groups(people, result, special),
    }


def _count_overfull(quotas: _QuotaColumns, result: StoredResult, seats: Ints, totals: Ints) -> int:
    """Quotas and programmes with more admissions than seats."""
    size, here = len(result.codes), quotas.at >= 0
    admitted = result.programme >= 0
    cells = result.programme[admitted].astype(np.int64) * size + result.quota[admitted]
    admissions = np.bincount(cells, minlength=here.size).reshape(-1, size)
    most = [row.seats if row.cap is None else min(row.cap, row.seats) for row in quotas.programmes]
    overfull = (admissions[here] > seats[quotas.at[here]]).sum() + (totals[: len(most)] > most).sum()
    return int(overfull)


def _count_wrong_rows(result: StoredResult, persons: int) -> int:
    """Rows of applicants with several, of unknown applicants, and applicants without a row."""
    rows = np.bincount(result.person, minlength=persons)
    wrong = (rows[result.person] > 1).sum() + (result.person >= persons).sum() + (rows[:persons] == 0).sum()
    return int(wrong)


def _count_wrong_groups(people: ApplicantColumns, result: StoredResult, special: str) -> int:
    """Admissions of the dedicated class to other seats, and of others to its seats."""
    admitted = result.programme >= 0
    person, code = result.person[admitted], result.quota[admitted]
    known = person < len(people.numbers)
    dedicated = np.array([kinds == (special,) for kinds in people.kind_sets], np.bool_)
    belongs = np.zeros(len(person), np.bool_)
    belongs[known] = dedicated[people.kinds[person[known]]]
    is_special = code == (result.codes.index(special) if special in result.codes else -2)
    return int((belongs != is_special).sum())


def _count_wrong_choices(people: ApplicantColumns, quotas: _QuotaColumns, result: StoredResult) -> tuple[int, int]:
    """Admissions to programmes not chosen or with a wrong rank, and admissions of applicants not eligible."""
    admitted = result.programme >= 0
    not_chosen, not_eligible = np.zeros(1, np.int64), np.zeros(1, np.int64)
    _check_choices(
        people.first,
        people.programme,
        people.barred,
        people.kinds,
        quotas.open,
        quotas.at,
        result.person[admitted],
        result.programme[admitted],
        result.rank[admitted],
        result.quota[admitted],
        not_chosen,
        not_eligible,
    )
    return int(not_chosen[0]), int(not_eligible[0])


def _compare_ends(people: ApplicantColumns, quotas: _QuotaColumns, result: StoredResult) -> tuple[int, int, Ints]:
    """How many were passed over, how many quotas have an idle seat, and the final seats of each quota."""
    persons, size = len(people.numbers), len(quotas.order)
    seat_programme, seat_code = np.full(persons, -1, np.int32), np.full(persons, -1, np.int32)
    known = result.person < persons
    seat_programme[result.person[known]] = result.programme[known]
    seat_code[result.person[known]] = result.quota[known]
    admitted, waiting, tied = (np.zeros(size, np.int64) for _ in range(3))
    last, best = np.full(size, -1, np.int64), np.full(size, -1, np.int64)
    passed_over = np.zeros(1, np.int64)
    columns = (
        people.first,
        people.programme,
        people.barred,
        people.kinds,
        people.scores,
        people.bonus,
        people.draws,
        people.person,
        quotas.first,
        quotas.code,
        quotas.waits,
        quotas.open,
        seat_programme,
        seat_code,
    )
    for compares in (False, True):
        _walk(*columns, compares, admitted, waiting, tied, last, best, passed_over)
    seats = quotas.final_seats(admitted + waiting)
    idle = seats - admitted
    fits = (idle > 0) & (waiting > 0) & (~quotas.waits | (tied <= idle))
    return int(passed_over[0]), int(fits.sum()), seats


@jit
def _better(
    scores: Matrix, bonus: Ints, draws: npt.NDArray[np.uint8], whose: Shorts, one: int, other: int, score_only: bool
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
    compares: bool,
    admitted: Ints,
    waiting: Ints,
    tied: Ints,
    last: Ints,
    best: Ints,
    passed_over: Ints,
) -> None:
    """Enter everybody in every quota at least as good as the own seat; if `compares`, compare with its last one.

    `last` and `best` are slots: the choice of the last one admitted, and of the first one who would rather be.
    """
    for person in range(len(first) - 1):
        is_admitted = False
        for slot in range(first[person], first[person + 1]):
            here = programme[slot] == seat_programme[person]
            if barred[slot] < 0:
                for b in range(quota_first[programme[slot]], quota_first[programme[slot] + 1]):
                    if not is_open[kinds[person], code[b]]:
                        continue
                    is_admitted = here and seat_code[person] == code[b]
                    if compares:
                        if not is_admitted and last[b] >= 0:
                            ahead, equal = _better(scores, bonus, draws, whose, slot, last[b], waits[b])
                            if ahead or (waits[b] and equal):
                                passed_over[0] += 1
                    elif is_admitted:
                        admitted[b] += 1
                        if last[b] < 0 or _better(scores, bonus, draws, whose, last[b], slot, waits[b])[0]:
                            last[b] = slot
                    else:
                        waiting[b] += 1
                        ahead, equal = True, False
                        if best[b] >= 0:
                            ahead, equal = _better(scores, bonus, draws, whose, slot, best[b], waits[b])
                        if ahead and not (equal and not waits[b]):
                            best[b] = slot
                            tied[b] = 1
                        elif equal:
                            tied[b] += 1
                    if is_admitted:
                        break
            if here or is_admitted:
                break


@jit
def _check_choices(
    first: Ints,
    choice: Shorts,
    barred: Shorts,
    kinds: Shorts,
    is_open: npt.NDArray[np.bool_],
    at: npt.NDArray[np.int32],
    person_of: Shorts,
    programme: Shorts,
    rank: Ints,
    code: Shorts,
    not_chosen: Ints,
    not_eligible: Ints,
) -> None:
    """Count admissions to programmes not chosen or with a wrong rank, and those of applicants not eligible."""
    for row in range(len(person_of)):
        person = person_of[row]
        fitting = False
        if person < len(first) - 1:
            for slot in range(first[person], first[person + 1]):
                if choice[slot] != programme[row]:
                    continue
                fitting = fitting or rank[row] == slot - first[person] + 1
                if barred[slot] >= 0 or not is_open[kinds[person], code[row]] or at[programme[row], code[row]] < 0:
                    not_eligible[0] += 1
        if not fitting:
            not_chosen[0] += 1


def _count_wrong_draws(people: ApplicantColumns, drawing: Drawing) -> int:
    """Choices with a wrong draw, and one more for a seed that does not match its commitment."""
    hasher, seed = drawing.hasher, drawing.seed
    digests = b"".join([hasher(seed + number) for number in people.numbers.tolist()])
    draws = np.frombuffer(digests, np.uint8).reshape(-1, 32)
    wrong = (draws != people.draws).any(axis=1)
    return int(np.diff(people.first)[wrong].sum()) + (not opens(seed, drawing.commitment, hasher))
