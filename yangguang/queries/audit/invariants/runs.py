"""Invariants of runs that are published or may be, by their frozen input and stored result. (T3.09, T3.10, T3.18)"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from yangguang.gateways.ciphers import sm3
from yangguang.models import AdmissionRun, LotterySeed
from yangguang.postgres.sql import Row, fetch_all
from yangguang.queries.runs.input_format import Frozen, read_frozen, unpack
from yangguang.rules.runs import run_states
from yangguang.rules.runs.matching_types import Placement, Reason, ReasonCode
from yangguang.rules.runs.published_properties import Drawing, PropertyState, Report
from yangguang.rules.runs.ranked_round import match_round
from yangguang.rules.runs.verification import verify

_RESULT = """
SELECT a.number, s.rank, l.code AS programme, b.code AS quota, array_to_string(s.codes, ',') AS codes
FROM yangguang_placement AS s
JOIN yangguang_application AS a ON a.id = s.application_id
LEFT JOIN yangguang_programme AS l ON l.id = s.programme_id
LEFT JOIN yangguang_quota AS b ON b.id = s.quota_id
WHERE s.run_id = %s
ORDER BY a.number COLLATE "C"
"""
# Placements and admissions must agree, except applicants who were skipped and programmes that were withheld.
_DIFFER = """
SELECT a.number
FROM yangguang_placement AS s
JOIN yangguang_application AS a ON a.id = s.application_id
JOIN yangguang_programme AS l ON l.id = s.programme_id
LEFT JOIN yangguang_admission AS d ON d.run_id = s.run_id AND d.application_id = s.application_id
WHERE s.run_id = %(run)s AND NOT l.code = ANY(%(withheld)s) AND NOT a.number = ANY(%(skipped)s)
  AND (d.programme_id, d.quota_id, d.rank::int) IS DISTINCT FROM (s.programme_id, s.quota_id, s.rank::int)
UNION ALL
SELECT a.number
FROM yangguang_admission AS d
JOIN yangguang_application AS a ON a.id = d.application_id
LEFT JOIN yangguang_placement AS s ON s.run_id = d.run_id AND s.application_id = d.application_id
WHERE d.run_id = %(run)s AND s.programme_id IS DISTINCT FROM d.programme_id
"""


@dataclass(frozen=True, slots=True)
class VerifiedRun:
    """One run: its input, its lottery, its stored result and the report of the verifier."""

    run: AdmissionRun
    frozen: Frozen
    seed: LotterySeed | None
    rows: Sequence[Row]
    report: Report

    @property
    def is_published(self) -> bool:
        return self.run.state == run_states.PUBLISHED

    @property
    def withheld(self) -> set[str]:
        """Codes of the programmes whose result is not published."""
        return set(self.run.report.get("held_back", ()))

    def code_of(self, programme: int | None) -> str | None:
        """The code of the programme with this number in the frozen input."""
        return None if programme is None else self.frozen.codes[programme - 1]


class VerifiedRuns:
    """All runs that are published or have been verified to be, verified once for the three invariants about them."""

    @cached_property
    def verified(self) -> list[VerifiedRun | str]:
        """Every such run, or the sentence why it cannot be verified."""
        states = (run_states.CHECKED, *run_states.OFFICIAL)
        runs = AdmissionRun.objects.filter(state__in=states, is_what_if=False)
        runs = runs.order_by("round__season", "round__number", "number")
        return [_verify_run(run) for run in runs]

    def find_violations(self, published_property: str) -> Iterator[str]:
        """Published programmes in which a property of the verifier ("P1", …) does not hold."""
        for one in self.verified:
            if isinstance(one, str):
                yield one
                continue
            if not one.is_published:
                continue
            for violation in one.report.violations:
                code = one.code_of(violation.programme)
                if violation.property.value == published_property and code not in one.withheld:
                    yield f"run:{one.run.pk} line:{code} application:{violation.number}"

    def find_unreproducible(self) -> Iterator[str]:
        """Runs with another result when computed again, a false commitment or a failed verification.

        Before the publication the seed is secret, so its draws are not compared with it yet.
        """
        for one in self.verified:
            yield from [one] if isinstance(one, str) else _find_faults(one)


def _verify_run(run: AdmissionRun) -> VerifiedRun | str:
    try:
        frozen = read_frozen(unpack(run).decode())
    except ValueError:
        return f"run:{run.pk} 冻结输入与摘要不符"
    rows = fetch_all(_RESULT, (run.pk,))
    numbers = {code: n for n, code in enumerate(frozen.codes, 1)}
    placements = [
        Placement(row.number, row.rank, None if row.programme is None else numbers.get(row.programme, 0), row.quota)
        for row in rows
    ]
    rules = {name: getattr(frozen, name) for name in ("stopped", "capped", "locked", "special")}
    seed = LotterySeed.objects.filter(round=run.round_id).first()
    drawing = Drawing(bytes.fromhex(seed.revealed), frozen.commitment, sm3) if seed and seed.revealed else None
    report = verify(frozen.applicants, frozen.seats, placements, drawing=drawing, **rules)
    return VerifiedRun(run, frozen, seed, rows, report)


def _find_faults(one: VerifiedRun) -> Iterator[str]:
    run, name = one.run, f"run:{one.run.pk}"
    placements = match_round(one.frozen.applicants, one.frozen.seats).placements
    recomputed = [
        (row.number, row.rank, one.code_of(row.programme), row.quota, _format_reasons(row.reasons))
        for row in placements
    ]
    if digest_result(recomputed) != run.output_hash:
        yield f"{name} 由冻结输入复算的结果与摘要不符"
    if digest_result(one.rows) != run.output_hash:
        yield f"{name} 所存结果与摘要不符"
    if one.seed is None or {one.seed.commitment, run.seed_commitment} != {one.frozen.commitment}:
        yield f"{name} 抽签种子的承诺不一致"
    for verdict in one.report.verdicts:
        violations = [v for v in one.report.violations if v.property is verdict.property]
        published = {one.code_of(v.programme) for v in violations} - one.withheld
        is_unchecked = verdict.state is PropertyState.UNCHECKED and one.is_published
        if is_unchecked or published:
            yield f"{name} 核验 {verdict.property.value} 未通过"
    params = {"run": run.pk, "withheld": sorted(one.withheld), "skipped": list(run.report.get("skipped", ()))}
    if not one.is_published:
        return
    yield from (f"{name} application:{row.number} 录取与运算结果不同" for row in fetch_all(_DIFFER, params))


def _format_reasons(reasons: Sequence[Reason]) -> str:
    barred = ReasonCode.BARRED
    return ",".join(f"{one.code.value}:{one.barred}" if one.code is barred else one.code.value for one in reasons)


def digest_result(rows: Iterable[Sequence[object]]) -> str:
    """SM3 in hex of a result list; written again here so that an error in `rules.runs` is detected.

    Args:
        rows: number, rank, codes of programme and quota, and the reasons separated by commas.
    """
    lines = sorted("\t".join("-" if cell is None else str(cell) for cell in row) for row in rows)
    return sm3(("\n".join(lines) + "\n").encode()).hex()
