"""Whether a result keeps the published promises P1–P10: other code than the matching, on purpose. (trust.md 2)

It never asks how a result came about. It counts, for every bucket of every line, who sits there and who would
rather sit there than where they are, and compares the last of the former with the first of the latter. It
takes nothing from `rules.runs.matching` but the rows. Time grows with the number of wishes, not with its square.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from yangguang.rules.plans.quotas import ProgrammeSeats, Tie
from yangguang.rules.runs.dependent_programmes import find_dependent_programmes
from yangguang.rules.runs.lottery import draw, opens
from yangguang.rules.runs.matching_types import Applicant, Placement
from yangguang.rules.runs.memory import collector_paused
from yangguang.rules.runs.published_properties import (
    Drawing,
    Property,
    PropertyState,
    PropertyVerdict,
    Report,
    Violation,
)
from yangguang.rules.runs.verification_view import VerificationView

__all__ = [
    "Drawing",
    "Property",
    "PropertyState",
    "PropertyVerdict",
    "Report",
    "Violation",
    "find_dependent_programmes",
    "verify",
]


def verify(
    applicants: Iterable[Applicant],
    lines: Iterable[ProgrammeSeats],
    placements: Iterable[Placement],
    *,
    stopped: Collection[int] = (),
    capped: Mapping[int, int] | None = None,
    drawing: Drawing | None = None,
    locked: Collection[str] = (),
    special: Mapping[str, Collection[str]] | None = None,
) -> Report:
    """Check a result against the promises.

    Args:
        applicants, lines: the input of the run, as frozen.
        placements: the result; their reasons are not looked at.
        stopped: lines of schools that must not admit anyone.
        capped: most admissions of a line under a sanction.
        drawing: the opened lottery; None while the seed is sealed, P8 is then UNCHECKED.
        locked: numbers whose person already holds a live seat of the intake year.
        special: bucket code of a dedicated class to the numbers of its group.
    """
    with collector_paused():
        case = VerificationView(list(applicants), {line.line: line for line in lines}, list(placements))
        checks: list[tuple[Property, Iterator[Violation] | None]] = [
            (Property.P1, _passed_over(case)),
            (Property.P2, _idle(case)),
            (Property.P3, _overfull(case)),
            (Property.P4, _one_each(case)),
            (Property.P5, _chosen(case)),
            (Property.P6, _eligible(case)),
            (Property.P7, _sanctioned(case, frozenset(stopped), capped or {})),
            (Property.P8, None if drawing is None else _drawn(case, drawing)),
            (Property.P9, _locked(case, frozenset(locked))),
            (
                Property.P10,
                _special(case, {code: frozenset(group) for code, group in (special or {}).items()}),
            ),
        ]
        verdicts, violations = [], []
        for checked, found in checks:
            rows = [] if found is None else list(found)
            state = (
                PropertyState.UNCHECKED
                if found is None
                else PropertyState.BROKEN
                if rows
                else PropertyState.HELD
            )
            verdicts.append(PropertyVerdict(checked, state, checked.label, len(rows)))
            violations += rows
        return Report(tuple(verdicts), tuple(violations), _held_back(case, violations))


def _passed_over(case: VerificationView) -> Iterator[Violation]:
    for (line, code), count in case.counts.items():
        end = count.last()
        if end is None:
            continue
        last_number, last = end
        for number, wish in count.waiting:
            if count.ahead(wish, last):
                says = f"报名号{number}排在报名号{last_number}之前，后者占了{case.said(line, code)}的名额，前者没有"
                yield Violation(Property.P1, line, number, says)
            elif count.bucket.tie is Tie.ALL_WAIT and wish.score == last.score:
                says = f"报名号{number}与报名号{last_number}同分，{case.said(line, code)}只录取了后者"
                yield Violation(Property.P1, line, number, says)


def _idle(case: VerificationView) -> Iterator[Violation]:
    for (line, code), count in case.counts.items():
        idle = count.seats - len(count.sitting)
        first = count.first_waiting() if idle > 0 else None
        if first is None:
            continue
        number, best = first
        if count.bucket.tie is Tie.ALL_WAIT:
            group = sum(wish.score == best.score for _, wish in count.waiting)
            if group > idle:
                continue
        says = f"{case.said(line, code)}还有{idle}个名额空着，报名号{number}符合条件却没有录取"
        yield Violation(Property.P2, line, number, says)


def _overfull(case: VerificationView) -> Iterator[Violation]:
    buckets = Counter((row.line, row.bucket) for row in case.seated)
    totals = Counter(row.line for row in case.seated)
    for (line, code), count in case.counts.items():
        taken = buckets[line, code]
        if taken > count.seats:
            says = f"{case.said(line, code)}有{count.seats}个名额，录取了{taken}人"
            yield Violation(Property.P3, line, None, says)
    for line, seats in case.lines.items():
        most = seats.seats if seats.cap is None else min(seats.cap, seats.seats)
        if totals[line] > most:
            says = f"{seats.said}最多录取{most}人，录取了{totals[line]}人"
            yield Violation(Property.P3, line, None, says)


def _one_each(case: VerificationView) -> Iterator[Violation]:
    rows = Counter(row.number for row in case.placements)
    for row in case.placements:
        if rows[row.number] > 1:
            says = f"报名号{row.number}有{rows[row.number]}条结果"
            yield Violation(Property.P4, row.line, row.number, says)
        if row.number not in case.wishes:
            says = f"报名号{row.number}不在本批次的报名数据中"
            yield Violation(Property.P4, row.line, row.number, says)
    for number in case.wishes:
        if number not in rows:
            yield Violation(Property.P4, None, number, f"报名号{number}没有结果")


def _chosen(case: VerificationView) -> Iterator[Violation]:
    for row in case.seated:
        ranks = [
            rank for rank, wish in enumerate(case.wishes.get(row.number, ()), 1) if wish.line == row.line
        ]
        if not ranks:
            says = f"报名号{row.number}没有填报{case.said(row.line)}，却被录取到那里"
            yield Violation(Property.P5, row.line, row.number, says)
        elif row.rank not in ranks:
            says = f"{case.said(row.line)}是报名号{row.number}的第{ranks[0]}志愿，结果写成第{row.rank}志愿"
            yield Violation(Property.P5, row.line, row.number, says)


def _eligible(case: VerificationView) -> Iterator[Violation]:
    for row in case.seated:
        for wish in case.wishes.get(row.number, ()):
            if wish.line != row.line:
                continue
            if wish.barred is not None:
                says = f"报名号{row.number}不符合{case.said(row.line)}的报考条件（{wish.barred}），却被录取"
                yield Violation(Property.P6, row.line, row.number, says)
            elif row.bucket not in wish.buckets or (row.line, row.bucket) not in case.counts:
                says = f"报名号{row.number}不属于{case.said(row.line, row.bucket)}的招收对象，却被录取"
                yield Violation(Property.P6, row.line, row.number, says)


def _sanctioned(
    case: VerificationView, stopped: frozenset[int], capped: Mapping[int, int]
) -> Iterator[Violation]:
    totals = Counter(row.line for row in case.seated)
    for row in case.seated:
        if row.line in stopped:
            says = f"{case.said(row.line)}已停止招生，却录取了报名号{row.number}"
            yield Violation(Property.P7, row.line, row.number, says)
    for line, most in capped.items():
        if totals[line] > most:
            says = f"{case.said(line)}限额{most}人，录取了{totals[line]}人"
            yield Violation(Property.P7, line, None, says)


def _drawn(case: VerificationView, drawing: Drawing) -> Iterator[Violation]:
    if not opens(drawing.seed, drawing.commitment, drawing.hasher):
        yield Violation(Property.P8, None, None, "公布的种子与事先公布的承诺不符")
    for number, wishes in case.applicants:
        expected = draw(drawing.seed, number, drawing.hasher)
        for wish in wishes:
            if wish.lottery != expected:
                says = f"报名号{number}在{case.said(wish.line)}的抽签号与复算结果不符"
                yield Violation(Property.P8, wish.line, number, says)


def _locked(case: VerificationView, locked: frozenset[str]) -> Iterator[Violation]:
    for row in case.seated:
        if row.number in locked:
            says = f"报名号{row.number}本年度已占用名额，又被录取到{case.said(row.line)}"
            yield Violation(Property.P9, row.line, row.number, says)


def _special(case: VerificationView, special: Mapping[str, frozenset[str]]) -> Iterator[Violation]:
    home = {number: code for code, group in special.items() for number in group}
    for row in case.seated:
        own = home.get(row.number)
        if own is not None and row.bucket != own:
            says = f"报名号{row.number}属于“{own}”，却在{case.said(row.line, row.bucket)}录取"
            yield Violation(Property.P10, row.line, row.number, says)
        elif own is None and row.bucket in special:
            says = f"报名号{row.number}不属于“{row.bucket}”，却占了{case.said(row.line)}的这类名额"
            yield Violation(Property.P10, row.line, row.number, says)


def _held_back(case: VerificationView, violations: Sequence[Violation]) -> frozenset[int]:
    """The lines named in a violation, the seats of the persons named in one, and everything linked to them."""
    if not violations:
        return frozenset()
    if any(violation.line is None and violation.number is None for violation in violations):
        return frozenset(case.lines)
    named = {violation.number for violation in violations}
    start = {violation.line for violation in violations if violation.line is not None}
    start |= {row.line for row in case.seated if row.number in named and row.line is not None}
    return find_dependent_programmes(case, start)
