"""Invariants of published runs: every promise asked again of the frozen input and the rows that stand.
(T3.09, T3.10, T3.18)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from yangguang.gateways.ciphers import sm3
from yangguang.models import AdmissionRun
from yangguang.postgres.sql import fetch_all
from yangguang.queries.runs.input_format import Frozen, read, unpack
from yangguang.rules.runs.matching_types import Placement, ReasonCode
from yangguang.rules.runs.ranked_round import match_round
from yangguang.rules.runs.verification import Drawing, Report, verify

_PLACED = """
SELECT a.number, s.rank, l.code, b.code, array_to_string(s.codes, ',')
FROM yangguang_placement AS s
JOIN yangguang_application AS a ON a.id = s.application_id
LEFT JOIN yangguang_programme AS l ON l.id = s.programme_id
LEFT JOIN yangguang_quota AS b ON b.id = s.quota_id
WHERE s.run_id = %s
ORDER BY a.number COLLATE "C"
"""
# What was computed and what was made official must be one and the same, but for those passed over and held back.
_DIFFER = """
SELECT a.number
FROM yangguang_placement AS s
JOIN yangguang_application AS a ON a.id = s.application_id
JOIN yangguang_programme AS l ON l.id = s.programme_id
LEFT JOIN yangguang_admission AS d ON d.run_id = s.run_id AND d.application_id = s.application_id
WHERE s.run_id = %(run)s AND NOT l.code = ANY(%(held_back)s) AND NOT a.number = ANY(%(skipped)s)
  AND (d.programme_id, d.quota_id, d.rank::int) IS DISTINCT FROM (s.programme_id, s.quota_id, s.rank::int)
UNION ALL
SELECT a.number
FROM yangguang_admission AS d
JOIN yangguang_application AS a ON a.id = d.application_id
LEFT JOIN yangguang_placement AS s ON s.run_id = d.run_id AND s.application_id = d.application_id
WHERE d.run_id = %(run)s AND s.programme_id IS DISTINCT FROM d.programme_id
"""
_SEED = "SELECT revealed, commitment FROM yangguang_lotteryseed WHERE round_id = %s"


@dataclass(frozen=True, slots=True)
class Proof:
    """One published run: its input, the rows that stand for it, and what the verifier says of them."""

    run: AdmissionRun
    frozen: Frozen
    rows: Sequence[tuple[Any, ...]]
    report: Report

    @property
    def held_back(self) -> set[str]:
        return set(self.run.report.get("held_back", ()))


class PublishedRuns:
    """All published runs, proven at most once for the three invariants that ask."""

    @cached_property
    def proofs(self) -> list[Proof | str]:
        """A proof per run, or the sentence why there is none."""
        runs = AdmissionRun.objects.filter(state="PUBLISHED").order_by("round__season", "round__number")
        return [self._prove(run) for run in runs]

    def _prove(self, run: AdmissionRun) -> Proof | str:
        try:
            frozen = read(unpack(run))
        except ValueError:
            return f"run:{run.pk} 冻结输入与摘要不符"
        rows = fetch_all(_PLACED, (run.pk,))
        at = {code: n for n, code in enumerate(frozen.codes, 1)}
        placements = [
            Placement(number, rank, None if line is None else at.get(line, 0), quota)
            for number, rank, line, quota, _ in rows
        ]
        report = verify(
            frozen.applicants, frozen.seats, placements, stopped=frozen.stopped, capped=frozen.capped,
            drawing=_drawing(run, frozen), locked=frozen.locked, special=frozen.special,
        )  # fmt: skip
        return Proof(run, frozen, rows, report)

    def broken(self, promise: str) -> Iterator[str]:
        """Published lines on which a promise of the verifier does not hold."""
        for proof in self.proofs:
            if isinstance(proof, str):
                yield proof
                continue
            for violation in proof.report.violations:
                line = None if violation.programme is None else proof.frozen.codes[violation.programme - 1]
                if violation.property.value == promise and line not in proof.held_back:
                    yield f"run:{proof.run.pk} line:{line} application:{violation.number}"

    def unproven(self) -> Iterator[str]:
        """Published runs that do not come out again, whose lottery does not open, or that the verifier refuses."""
        for proof in self.proofs:
            yield from [proof] if isinstance(proof, str) else _unproven(proof)


def _drawing(run: AdmissionRun, frozen: Frozen) -> Drawing | None:
    seed = fetch_all(_SEED, (run.round_id,))
    return Drawing(bytes.fromhex(seed[0][0]), frozen.commitment, sm3) if seed and seed[0][0] else None


def _unproven(proof: Proof) -> Iterator[str]:
    run, name = proof.run, f"run:{proof.run.pk}"
    outcome = match_round(proof.frozen.applicants, proof.frozen.seats)
    again = [
        (
            row.number, row.rank, None if row.programme is None else proof.frozen.codes[row.programme - 1], row.quota,
            ",".join(_spelled(reason.code, reason.barred) for reason in row.reasons),
        )
        for row in outcome.placements
    ]  # fmt: skip
    if list_digest(again) != run.output_hash:
        yield f"{name} 由冻结输入复算的结果与摘要不符"
    if list_digest(proof.rows) != run.output_hash:
        yield f"{name} 所存结果与摘要不符"
    seed = fetch_all(_SEED, (run.round_id,))
    if not seed or {seed[0][1], run.seed_commitment} != {proof.frozen.commitment}:
        yield f"{name} 抽签种子的承诺不一致"
    for verdict in proof.report.verdicts:
        lines = {v.programme for v in proof.report.violations if v.property is verdict.property}
        published = {None if n is None else proof.frozen.codes[n - 1] for n in lines} - proof.held_back
        if verdict.state.value == "unchecked" or published:
            yield f"{name} 核验 {verdict.property.value} 未通过"
    asked = {
        "run": run.pk,
        "held_back": sorted(proof.held_back),
        "skipped": list(run.report.get("skipped", ())),
    }
    yield from (f"{name} application:{number} 录取与运算结果不同" for (number,) in fetch_all(_DIFFER, asked))


def _spelled(code: ReasonCode, barred: str | None) -> str:
    return f"{code.value}:{barred}" if code is ReasonCode.BARRED else code.value


def list_digest(rows: Sequence[tuple[Any, ...]]) -> str:
    """SM3 of a result list, spelled here once more, so that a slip in the one that made it would show."""
    lines = sorted(
        "\t".join(["-" if cell is None else str(cell) for cell in (number, rank, line, quota)] + [codes])
        for number, rank, line, quota, codes in rows
    )
    return sm3(("\n".join(lines) + "\n").encode()).hex()
