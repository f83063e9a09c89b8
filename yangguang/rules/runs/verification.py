"""Whether a result has the published properties P1–P10; independent of the matching on purpose. (T1.02)

It looks at the result alone: for every quota it counts who is admitted and who would rather be, and compares the
last of the former with the first of the latter. It shares no code with the matching. Linear in the number of choices.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain

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


@collector_paused()
def verify(
    applicants: Iterable[Applicant],
    programmes: Iterable[ProgrammeSeats],
    placements: Iterable[Placement],
    *,
    stopped: Collection[int] = (),
    capped: Mapping[int, int] | None = None,
    drawing: Drawing | None = None,
    locked: Collection[str] = (),
    special: Mapping[str, Collection[str]] | None = None,
) -> Report:
    """Check a result against the published properties.

    Args:
        applicants, programmes: the frozen input of the run.
        placements: the result; reasons are ignored.
        stopped, capped: programmes under a sanction: without admissions, and with the most admissions.
        drawing: the opened lottery; None while the seed is sealed, P8 is then UNCHECKED.
        locked: numbers of applicants who already hold a seat of the intake year.
        special: quota code of a dedicated class to the numbers of the applicants who belong to it.
    """
    view = VerificationView(list(applicants), {one.programme: one for one in programmes}, list(placements))
    findings = {
        Property.P1: _find_passed_over(view),
        Property.P2: _find_idle_seats(view),
        Property.P3: _find_overfull(view),
        Property.P4: _find_wrong_counts(view),
        Property.P5: _find_not_chosen(view),
        Property.P6: _find_not_eligible(view),
        Property.P7: _find_sanctioned(view, stopped, capped or {}),
        Property.P8: iter(()) if drawing is None else _find_wrong_draws(view, drawing),
        Property.P9: _find_locked(view, locked),
        Property.P10: _find_wrong_groups(view, special or {}),
    }
    rows = {checked: list(faults) for checked, faults in findings.items()}
    states = {one: PropertyState.BROKEN if faults else PropertyState.HOLDS for one, faults in rows.items()}
    states |= {Property.P8: PropertyState.UNCHECKED} if drawing is None else {}
    violations = tuple(chain.from_iterable(rows.values()))
    verdicts = tuple(PropertyVerdict(one, states[one], one.label, len(faults)) for one, faults in rows.items())
    return Report(verdicts, violations, _find_withheld(view, violations))


def _find_passed_over(view: VerificationView) -> Iterator[Violation]:
    for (programme, code), count in view.counts.items():
        end = count.last()
        if end is None:
            continue
        last_number, last = end
        for number, choice in count.waiting:
            if count.ahead(choice, last):
                name = view.describe(programme, code)
                sentence = f"报名号{number}排在报名号{last_number}之前，后者占了{name}的名额，前者没有"
                yield Violation(Property.P1, programme, number, sentence)
            elif count.quota.tie is Tie.ALL_WAIT and choice.score == last.score:
                sentence = f"报名号{number}与报名号{last_number}同分，{view.describe(programme, code)}只录取了后者"
                yield Violation(Property.P1, programme, number, sentence)


def _find_idle_seats(view: VerificationView) -> Iterator[Violation]:
    for (programme, code), count in view.counts.items():
        idle = count.seats - len(count.admitted)
        first = count.first_waiting() if idle > 0 else None
        if first is None:
            continue
        number, best = first
        if count.quota.tie is Tie.ALL_WAIT:
            group = sum(choice.score == best.score for _, choice in count.waiting)
            if group > idle:
                continue
        sentence = f"{view.describe(programme, code)}还有{idle}个名额空着，报名号{number}符合条件却没有录取"
        yield Violation(Property.P2, programme, number, sentence)


def _find_overfull(view: VerificationView) -> Iterator[Violation]:
    quotas = Counter((row.programme, row.quota) for row in view.admitted)
    totals = Counter(row.programme for row in view.admitted)
    for (programme, code), count in view.counts.items():
        taken = quotas[programme, code]
        if taken > count.seats:
            sentence = f"{view.describe(programme, code)}有{count.seats}个名额，录取了{taken}人"
            yield Violation(Property.P3, programme, None, sentence)
    for programme, seats in view.programmes.items():
        most = seats.seats if seats.cap is None else min(seats.cap, seats.seats)
        if totals[programme] > most:
            sentence = f"{seats.display_name}最多录取{most}人，录取了{totals[programme]}人"
            yield Violation(Property.P3, programme, None, sentence)


def _find_wrong_counts(view: VerificationView) -> Iterator[Violation]:
    rows = Counter(row.number for row in view.placements)
    for row in view.placements:
        if rows[row.number] > 1:
            sentence = f"报名号{row.number}有{rows[row.number]}条结果"
            yield Violation(Property.P4, row.programme, row.number, sentence)
        if row.number not in view.choices:
            sentence = f"报名号{row.number}不在本批次的报名数据中"
            yield Violation(Property.P4, row.programme, row.number, sentence)
    for number in view.choices:
        if number not in rows:
            yield Violation(Property.P4, None, number, f"报名号{number}没有结果")


def _find_not_chosen(view: VerificationView) -> Iterator[Violation]:
    for row in view.admitted:
        ranks = [
            rank for rank, choice in enumerate(view.choices.get(row.number, ()), 1) if choice.programme == row.programme
        ]
        if not ranks:
            sentence = f"报名号{row.number}没有填报{view.describe(row.programme)}，却被录取到那里"
            yield Violation(Property.P5, row.programme, row.number, sentence)
        elif row.rank not in ranks:
            sentence = f"{view.describe(row.programme)}是报名号{row.number}的第{ranks[0]}志愿，结果写成第{row.rank}志愿"
            yield Violation(Property.P5, row.programme, row.number, sentence)


def _find_not_eligible(view: VerificationView) -> Iterator[Violation]:
    for row in view.admitted:
        for choice in view.choices.get(row.number, ()):
            if choice.programme != row.programme:
                continue
            if choice.barred is not None:
                name = view.describe(row.programme)
                sentence = f"报名号{row.number}不符合{name}的报考条件（{choice.barred}），却被录取"
                yield Violation(Property.P6, row.programme, row.number, sentence)
            elif row.quota not in choice.quotas or (row.programme, row.quota) not in view.counts:
                sentence = f"报名号{row.number}不属于{view.describe(row.programme, row.quota)}的招收对象，却被录取"
                yield Violation(Property.P6, row.programme, row.number, sentence)


def _find_sanctioned(
    view: VerificationView, stopped: Collection[int], capped: Mapping[int, int]
) -> Iterator[Violation]:
    totals = Counter(row.programme for row in view.admitted)
    for row in view.admitted:
        if row.programme in stopped:
            sentence = f"{view.describe(row.programme)}已停止招生，却录取了报名号{row.number}"
            yield Violation(Property.P7, row.programme, row.number, sentence)
    for programme, most in capped.items():
        if totals[programme] > most:
            sentence = f"{view.describe(programme)}限额{most}人，录取了{totals[programme]}人"
            yield Violation(Property.P7, programme, None, sentence)


def _find_wrong_draws(view: VerificationView, drawing: Drawing) -> Iterator[Violation]:
    if not opens(drawing.seed, drawing.commitment, drawing.hasher):
        yield Violation(Property.P8, None, None, "公布的种子与事先公布的承诺不符")
    for number, choices in view.applicants:
        expected = draw(drawing.seed, number, drawing.hasher)
        for choice in choices:
            if choice.lottery != expected:
                sentence = f"报名号{number}在{view.describe(choice.programme)}的抽签号与复算结果不符"
                yield Violation(Property.P8, choice.programme, number, sentence)


def _find_locked(view: VerificationView, locked: Collection[str]) -> Iterator[Violation]:
    for row in view.admitted:
        if row.number in locked:
            sentence = f"报名号{row.number}本年度已占用名额，又被录取到{view.describe(row.programme)}"
            yield Violation(Property.P9, row.programme, row.number, sentence)


def _find_wrong_groups(view: VerificationView, special: Mapping[str, Collection[str]]) -> Iterator[Violation]:
    own_quota = {number: code for code, group in special.items() for number in group}
    for row in view.admitted:
        own = own_quota.get(row.number)
        if own is not None and row.quota != own:
            sentence = f"报名号{row.number}属于“{own}”，却在{view.describe(row.programme, row.quota)}录取"
            yield Violation(Property.P10, row.programme, row.number, sentence)
        elif own is None and row.quota in special:
            sentence = f"报名号{row.number}不属于“{row.quota}”，却占了{view.describe(row.programme)}的这类名额"
            yield Violation(Property.P10, row.programme, row.number, sentence)


def _find_withheld(view: VerificationView, violations: Sequence[Violation]) -> frozenset[int]:
    """The programmes in a violation, those that admitted applicants in one, and all that depend on them."""
    if not violations:
        return frozenset()
    if any(violation.programme is None and violation.number is None for violation in violations):
        return frozenset(view.programmes)
    named = {violation.number for violation in violations}
    start = {violation.programme for violation in violations if violation.programme is not None}
    start |= {row.programme for row in view.admitted if row.number in named and row.programme is not None}
    return find_dependent_programmes(view, start)
