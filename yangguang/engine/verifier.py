"""Violations of the published properties P1–P10, counted on arrays: the fast twin of `rules.runs.verification`.

Like its twin it looks at the result alone and shares no code with the matching: it counts who is admitted to a quota
and who would rather be, and compares scores and draws themselves. Where a count is not 0, the twin writes the
sentences.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

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


class _Choices(NamedTuple):
    """The applicants of `ApplicantColumns` for the loops; `person`: the applicant of each choice."""

    first: Ints
    programme: Shorts
    barred: Shorts
    kinds: Shorts
    scores: Matrix
    bonus: Ints
    draws: npt.NDArray[np.uint8]
    person: Shorts


class _Quotas(NamedTuple):
    """The quotas of all programmes by priority.

    Args:
        first: int64[P+1]; the quotas of programme p are first[p] … first[p+1]−1.
        code: int32[Q]; number of its code. waits: bool[Q]; whether ties wait.
        is_open: bool[kind sets, codes]; at: int32[P+1, codes], number of the quota or −1.
    """

    first: Ints
    code: Shorts
    waits: Bits
    is_open: npt.NDArray[np.bool_]
    at: npt.NDArray[np.int32]


class _Admissions(NamedTuple):
    """The rows of a `StoredResult` with an admission."""

    person: Shorts
    rank: Ints
    programme: Shorts
    quota: Shorts


class _Counts(NamedTuple):
    """By quota: those admitted, those who would rather be, and how many of these share the best score.

    `last` and `best` are slots: the choice of the last one admitted, and of the first one who would rather be.
    """

    admitted: Ints
    waiting: Ints
    tied: Ints
    last: Ints
    best: Ints


def _list_quotas(programmes: Sequence[ProgrammeSeats], people: ApplicantColumns, codes: list[str]) -> _Quotas:
    numbers = {code: i for i, code in enumerate(codes)}
    order = [quota for programme in programmes for quota in programme.by_priority]
    sizes = [len(programme.quotas) for programme in programmes]
    code = np.array([numbers[quota.code] for quota in order], np.int32)
    is_open = np.array([[code in kinds for code in codes] for kinds in people.kind_sets], np.bool_)
    at = np.full((len(programmes) + 1, len(codes)), -1, np.int32)
    at[np.repeat(np.arange(len(programmes)), sizes), code] = np.arange(len(order))
    waits = np.array([quota.tie is Tie.ALL_WAIT for quota in order], np.bool_)
    first = np.cumsum([0, *sizes], dtype=np.int64)
    return _Quotas(first, code, waits, is_open.reshape(len(people.kind_sets), len(codes)), at)


def _final_seats(programmes: Sequence[ProgrammeSeats], first: Ints, demand: Ints) -> Ints:
    """int64[Q]; seats after cap and moves, from how many are admitted or would rather be."""
    seats = np.zeros(len(demand), np.int64)
    for programme, begin in zip(programmes, first.tolist(), strict=False):
        left = programme.seats if programme.cap is None else programme.cap
        numbers = {quota.code: begin + i for i, quota in enumerate(programme.by_priority)}
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
    choices = _Choices(*(getattr(people, name) for name in _Choices._fields))
    quotas = _list_quotas(programmes, people, result.codes)
    admitted = result.programme >= 0
    admissions = _Admissions(*(getattr(result, name)[admitted] for name in _Admissions._fields))
    persons = admissions.person[admissions.person < len(people.numbers)]
    totals = np.bincount(admissions.programme, minlength=len(programmes) + 1)
    passed_over, counts = _compare_ends(choices, quotas, result)
    seats = _final_seats(programmes, quotas.first, counts.admitted + counts.waiting)
    idle = seats - counts.admitted
    fits = (idle > 0) & (counts.waiting > 0) & (~quotas.waits | (counts.tied <= idle))
    not_chosen, not_eligible = _check_choices(choices, quotas, admissions)
    over_cap = sum(int(totals[number - 1]) > cap for number, cap in capped.items())
    return {
        Property.P1: passed_over,
        Property.P2: int(fits.sum()),
        Property.P3: _count_overfull(programmes, quotas, admissions, seats, totals),
        Property.P4: _count_wrong_rows(result, len(people.numbers)),
        Property.P5: not_chosen,
        Property.P6: not_eligible,
        Property.P7: int(np.isin(admissions.programme, [number - 1 for number in stopped]).sum()) + over_cap,
        Property.P8: _count_wrong_draws(people, drawing),
        Property.P9: int(people.locked[persons].sum()),
        Property.P10: _count_wrong_groups(people, admissions, result.codes, special),
    }


def _count_overfull(
    programmes: Sequence[ProgrammeSeats], quotas: _Quotas, admissions: _Admissions, seats: Ints, totals: Ints
) -> int:
    """Quotas and programmes with more admissions than seats."""
    exists = quotas.at >= 0
    cells = admissions.programme.astype(np.int64) * exists.shape[1] + admissions.quota
    taken = np.bincount(cells, minlength=exists.size).reshape(-1, exists.shape[1])
    most = [row.seats if row.cap is None else min(row.cap, row.seats) for row in programmes]
    return int((taken[exists] > seats[quotas.at[exists]]).sum() + (totals[: len(most)] > most).sum())


def _count_wrong_rows(result: StoredResult, persons: int) -> int:
    """Rows of applicants with several, of unknown applicants, and applicants without a row."""
    rows = np.bincount(result.person, minlength=persons)
    wrong = (rows[result.person] > 1).sum() + (result.person >= persons).sum() + (rows[:persons] == 0).sum()
    return int(wrong)


def _count_wrong_groups(people: ApplicantColumns, admissions: _Admissions, codes: list[str], special: str) -> int:
    """Admissions of the dedicated class to other seats, and of others to its seats."""
    known = admissions.person < len(people.numbers)
    dedicated = np.array([kinds == (special,) for kinds in people.kind_sets], np.bool_)
    belongs = np.zeros(len(known), np.bool_)
    belongs[known] = dedicated[people.kinds[admissions.person[known]]]
    is_special = admissions.quota == (codes.index(special) if special in codes else -2)
    return int((belongs != is_special).sum())


def _compare_ends(choices: _Choices, quotas: _Quotas, result: StoredResult) -> tuple[int, _Counts]:
    """How many were passed over, and who is at the end of each quota."""
    persons, size = len(choices.kinds), len(quotas.code)
    programme, quota = np.full(persons, -1, np.int32), np.full(persons, -1, np.int32)
    known = result.person < persons
    programme[result.person[known]] = result.programme[known]
    quota[result.person[known]] = result.quota[known]
    counts = _Counts(*(np.full(size, value, np.int64) for value in (0, 0, 0, -1, -1)))
    _walk(choices, quotas, programme, quota, counts, np.False_)
    return _walk(choices, quotas, programme, quota, counts, np.True_), counts


@jit
def _better(choices: _Choices, one: int, other: int, score_only: np.bool_) -> tuple[bool, bool]:
    """Whether slot `one` goes before slot `other`, and whether their scores are equal.

    A missing score is negative; no bonus is added to it.
    """
    a, b = choices.person[one], choices.person[other]
    for i in range(choices.scores.shape[1]):
        first, second = choices.scores[a, i], choices.scores[b, i]
        if i == 0:
            first += choices.bonus[one] if first >= 0 else 0
            second += choices.bonus[other] if second >= 0 else 0
        if first != second:
            return first > second, False
    if not score_only:
        for i in range(choices.draws.shape[1]):
            if choices.draws[a, i] != choices.draws[b, i]:
                return choices.draws[a, i] < choices.draws[b, i], True
    return False, True


@jit
def _walk(
    choices: _Choices, quotas: _Quotas, own_programme: Shorts, own_quota: Shorts, counts: _Counts, compares: np.bool_
) -> int:
    """Enter each applicant in every quota at least as good as the own seat.

    Args:
        own_programme, own_quota: int32[N]; the seat of each applicant, as `StoredResult` has it.
        compares: compare with the last one admitted to each quota in place of counting.
    Returns:
        how many were passed over.
    """
    first, programme, code, waits = choices.first, choices.programme, quotas.code, quotas.waits
    admitted, waiting, tied, last, best = counts
    passed_over = 0
    for person in range(len(first) - 1):
        is_admitted = False
        for slot in range(first[person], first[person + 1]):
            here = programme[slot] == own_programme[person]
            if choices.barred[slot] < 0:
                for b in range(quotas.first[programme[slot]], quotas.first[programme[slot] + 1]):
                    if not quotas.is_open[choices.kinds[person], code[b]]:
                        continue
                    is_admitted = here and own_quota[person] == code[b]
                    if compares:
                        if not is_admitted and last[b] >= 0:
                            ahead, equal = _better(choices, slot, last[b], waits[b])
                            if ahead or (waits[b] and equal):
                                passed_over += 1
                    elif is_admitted:
                        admitted[b] += 1
                        if last[b] < 0 or _better(choices, last[b], slot, waits[b])[0]:
                            last[b] = slot
                    else:
                        waiting[b] += 1
                        ahead, equal = True, False
                        if best[b] >= 0:
                            ahead, equal = _better(choices, slot, best[b], waits[b])
                        if ahead and not (equal and not waits[b]):
                            best[b] = slot
                            tied[b] = 1
                        elif equal:
                            tied[b] += 1
                    if is_admitted:
                        break
            if here or is_admitted:
                break
    return passed_over


@jit
def _check_choices(choices: _Choices, quotas: _Quotas, admissions: _Admissions) -> tuple[int, int]:
    """Count admissions to programmes not chosen or with a wrong rank, and those of applicants not eligible."""
    first, not_chosen, not_eligible = choices.first, 0, 0
    for row in range(len(admissions.person)):
        person, programme, code = admissions.person[row], admissions.programme[row], admissions.quota[row]
        fitting = False
        if person < len(first) - 1:
            for slot in range(first[person], first[person + 1]):
                if choices.programme[slot] != programme:
                    continue
                fitting = fitting or admissions.rank[row] == slot - first[person] + 1
                is_open = quotas.is_open[choices.kinds[person], code]
                if choices.barred[slot] >= 0 or not is_open or quotas.at[programme, code] < 0:
                    not_eligible += 1
        if not fitting:
            not_chosen += 1
    return not_chosen, not_eligible


def _count_wrong_draws(people: ApplicantColumns, drawing: Drawing) -> int:
    """Choices with a wrong draw, and one more for a seed that does not match its commitment."""
    hasher, seed = drawing.hasher, drawing.seed
    digests = b"".join([hasher(seed + number) for number in people.numbers.tolist()])
    draws = np.frombuffer(digests, np.uint8).reshape(-1, 32)
    wrong = (draws != people.draws).any(axis=1)
    return int(np.diff(people.first)[wrong].sum()) + (not opens(seed, drawing.commitment, hasher))
