"""The phases of a run, each from what the database holds: freeze, compute, check. No phase keeps state elsewhere."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from yangguang.actions.copying import NULL, array, copy_in
from yangguang.actions.lottery import joint_seed_of
from yangguang.gateways.ciphers import sm3
from yangguang.models import AdmissionRun, LotterySeed, Round, Unit
from yangguang.queries import freezing, snapshots
from yangguang.queries.copying import copy_out
from yangguang.queries.rows import fetch_all
from yangguang.queries.snapshots import Frozen
from yangguang.rules import matching, run_states
from yangguang.rules.instance import Outcome, Placement, Reason, ReasonCode
from yangguang.rules.lottery import commitment
from yangguang.rules.refusals import Refused
from yangguang.rules.verification import Drawing, Report, verify

SHOWN = 200
"""Violations kept word for word; their number is kept whole."""
Tell = Callable[[str, int, int], None]
"""Hears how far a run is: phase, done, total (persons)."""
_STEMS = ("matching", "standings", "answers", "buckets", "instance")


def tell_nobody(phase: str, done: int, total: int) -> None:
    """Where nobody waits for the progress of a run."""


def drawing_of(round: Round, trial: bool) -> Drawing:
    """The lottery of a run: the sealed one, or for a trial a public one, so that nobody learns the real draws early."""
    if not trial:
        seed = LotterySeed.objects.get(round=round)
        return Drawing(joint_seed_of(seed), seed.commitment, sm3)
    made = sm3(b"trial" + round.public_id.bytes)
    return Drawing(made, commitment(made, sm3), sm3)


def lay(round: Round, *, account: int | None, trial: bool, school: Unit | None = None) -> AdmissionRun:
    """A new run of the round, still without its frozen input.

    Args:
        school: whose lines alone a trial computes; `freeze` is told again.
    """
    last = round.runs.order_by("-number").values_list("number", flat=True).first() or 0
    return AdmissionRun.objects.create(
        round=round, number=last + 1, is_what_if=trial, seed_commitment=drawing_of(round, trial).commitment,
        program=program(), started_by_id=account,
    )  # fmt: skip


def freeze(
    run: AdmissionRun, at: datetime, *, trial: bool, school: Unit | None = None, tell: Tell = tell_nobody
) -> None:
    """Keep everything the run will look at. What is frozen once stays: a second call changes nothing.

    Args:
        at: decides which sanctions are in force.
        tell: is called between statements, never while a COPY has the connection.
    """
    if run.input_hash:
        return
    tell("freeze", 0, 1)
    drawing = drawing_of(run.round, trial)
    packed, digest = snapshots.pack(freezing.freeze(run.round, at, drawing.commitment, drawing.seed, school))
    _save(run, snapshot=packed, input_hash=digest)
    tell("freeze", 1, 1)


def compute(run: AdmissionRun, *, tell: Tell = tell_nobody) -> None:
    """Match the frozen input and store the list; a run that cannot be computed ends as FAILED with its sentence.

    What an unfinished try left is removed first; a run that is computed already is left alone.
    """
    if run.state != run_states.DRAFTED:
        return
    frozen = snapshots.read(snapshots.unpack(run))
    tell("compute", 0, len(frozen.applicants))
    _clear(run)
    try:
        outcome = matching.match(frozen.applicants, frozen.seats)
    except Refused as refusal:
        _save(run, state=_to(run, "fail"), report={"failed": _with_codes(str(refusal), frozen)})
        return
    _store(run, frozen, outcome)
    counts, hashed = _count(frozen, outcome), output_hash(outcome.placements, frozen.codes)
    flows = [[frozen.codes[f.line - 1], f.giver, f.taker, f.seats] for f in outcome.flows]
    _save(run, state=_to(run, "compute"), counts=counts, output_hash=hashed, report={"flows": flows})
    tell("compute", len(frozen.applicants), len(frozen.applicants))


def check(run: AdmissionRun, *, tell: Tell = tell_nobody) -> None:
    """Verify the rows that were stored against the frozen input; a run that is not just computed is left alone."""
    if run.state != run_states.COMPUTED:
        return
    frozen = snapshots.read(snapshots.unpack(run))
    tell("check", 0, len(frozen.applicants))
    report = verify(
        frozen.applicants, frozen.seats, _stored(run, frozen), stopped=frozen.stopped, capped=frozen.capped,
        drawing=drawing_of(run.round, run.is_what_if), locked=frozen.locked, special=frozen.special,
    )  # fmt: skip
    _save(run, state=_to(run, "check"), report=_report(report, frozen) | run.report)
    tell("check", len(frozen.applicants), len(frozen.applicants))


def output_hash(placements: tuple[Placement, ...], codes: list[str]) -> str:
    """SM3 of the list: 报名号, rank, line code, bucket and reason codes, sorted by 报名号; no row id is in it."""
    rows = sorted(
        "\t".join(
            [
                row.number,
                _text(row.rank),
                "-" if row.line is None else codes[row.line - 1],
                row.bucket or "-",
                ",".join(map(code_of, row.reasons)),
            ]
        )
        for row in placements
    )
    return sm3(("\n".join(rows) + "\n").encode()).hex()


def code_of(reason: Reason) -> str:
    """How a reason is stored: its code, with what barred the person."""
    return f"{reason.code.value}:{reason.barred}" if reason.code is ReasonCode.BARRED else reason.code.value


@cache
def program() -> str:
    """Which program computed it: a digest over the sources of the matching."""
    folder = Path(matching.__file__).parent
    source = b"".join((folder / f"{stem}.py").read_bytes() for stem in _STEMS)
    return f"rules.matching {sha256(source).hexdigest()[:16]}"


_IDS = """
SELECT l.code, l.id, b.code, b.id FROM yangguang_roundline AS rl
JOIN yangguang_planline AS l ON l.id = rl.plan_line_id
JOIN yangguang_planbucket AS b ON b.plan_line_id = l.id WHERE rl.round_id = %s
"""
_STORED = """
SELECT a.number, s.rank, l.code, b.code FROM yangguang_placement AS s
JOIN yangguang_application AS a ON a.id = s.application_id
LEFT JOIN yangguang_planline AS l ON l.id = s.plan_line_id
LEFT JOIN yangguang_planbucket AS b ON b.id = s.bucket_id
WHERE s.run_id = %(run)s
"""
_APPLICATIONS = "SELECT number, id FROM yangguang_application WHERE season_id = %s"


def _clear(run: AdmissionRun) -> None:
    """Remove what a try that was cut off left."""
    fetch_all("DELETE FROM yangguang_placement WHERE run_id = %s", (run.pk,))
    fetch_all("DELETE FROM yangguang_cut WHERE run_id = %s", (run.pk,))


def _stored(run: AdmissionRun, frozen: Frozen) -> Iterator[Placement]:
    """The list as the tables hold it; a line that the frozen input does not have becomes line 0."""
    at = {code: n for n, code in enumerate(frozen.codes, 1)}
    for number, rank, line, bucket in copy_out(_STORED, {"run": run.pk}):
        if line == NULL:
            yield Placement(number, None, None, None)
        else:
            yield Placement(number, int(rank), at.get(line, 0), bucket)


def _store(run: AdmissionRun, frozen: Frozen, outcome: Outcome) -> None:
    """Placements and cuts, by COPY."""
    at = {code: n for n, code in enumerate(frozen.codes, 1)}
    lines, buckets = {}, {}
    for code, line, kind, bucket in fetch_all(_IDS, (run.round_id,)):
        if code in at:
            lines[at[code]] = line
            buckets[at[code], kind] = bucket
    copy_in(
        "yangguang_cut",
        (
            "run_id",
            "plan_line_id",
            "bucket_id",
            "seats",
            "applicants",
            "admitted",
            "last_place",
            "last_score",
        ),
        (
            f"{run.pk}\t{lines[c.line]}\t{buckets[c.line, c.bucket]}\t{c.seats}\t{c.applicants}\t{c.admitted}"
            f"\t{_text(c.last_place, NULL)}\t{array(c.last_score or ())}"
            for c in outcome.cuts
        ),
    )
    copy_in(
        "yangguang_placement",
        ("run_id", "application_id", "rank", "plan_line_id", "bucket_id", "lines", "codes", "places"),
        _placements(run, outcome, lines, buckets, dict(fetch_all(_APPLICATIONS, (run.round.season_id,)))),
    )
    # The planner must not take the new rows of a province for a handful.
    fetch_all("ANALYZE yangguang_placement, yangguang_cut")


def _placements(
    run: AdmissionRun,
    outcome: Outcome,
    lines: dict[int, int],
    buckets: dict[tuple[int, str], int],
    ids: dict[str, int],
) -> Iterator[str]:
    """Rows for COPY. Everything is fetched before: during a COPY the connection takes no other statement."""
    for row in outcome.placements:
        seat = (NULL, NULL)
        if row.line is not None and row.bucket is not None:
            seat = (str(lines[row.line]), str(buckets[row.line, row.bucket]))
        yield "\t".join(
            [
                str(run.pk),
                str(ids[row.number]),
                _text(row.rank, NULL),
                *seat,
                array(lines[reason.line] for reason in row.reasons),
                array(map(code_of, row.reasons)),
                array(reason.place for reason in row.reasons),
            ]
        )


def _count(frozen: Frozen, outcome: Outcome) -> dict[str, Any]:
    ranks = Counter(row.rank for row in outcome.placements if row.rank is not None)
    return {
        "persons": len(outcome.placements),
        "choices": sum(len(row.reasons) for row in outcome.placements),
        "lines": len(frozen.codes),
        "seats": sum(cut.seats for cut in outcome.cuts),
        "placed": ranks.total(),
        "by_choice": {str(rank): ranks[rank] for rank in sorted(ranks)},
    }


def _report(report: Report, frozen: Frozen) -> dict[str, Any]:
    """What is kept of the verification; lines by code, so that it can be read without the frozen text."""
    codes = frozen.codes
    return {
        "held": report.held,
        "complete": report.complete,
        "verdicts": [
            {"property": v.property.value, "state": v.state.value, "says": v.statement, "count": v.violations}
            for v in report.verdicts
        ],
        "violations": [
            {
                "property": v.property.value,
                "line": None if v.line is None else codes[v.line - 1],
                "number": v.number,
                "says": _with_codes(v.says, frozen),
            }
            for v in report.violations[:SHOWN]
        ],
        "held_back": sorted(codes[line - 1] for line in report.held_back),
    }


def _with_codes(says: str, frozen: Frozen) -> str:
    """The sentence with line codes in place of the running numbers of the frozen text."""

    def named(found: re.Match[str]) -> str:
        at = int(found[1])
        return f"计划行{frozen.codes[at - 1]}" if 0 < at <= len(frozen.codes) else found[0]

    return re.sub(r"计划行(\d+)", named, says)


def _to(run: AdmissionRun, move: str) -> str:
    return run_states.MOVES.take(move, run.state)


def _save(run: AdmissionRun, **changes: Any) -> None:
    """Within one act the version does not step: it counts acts."""
    for name, value in changes.items():
        setattr(run, name, value)
    run.save(update_fields=list(changes))


def _text(value: int | None, nothing: str = "-") -> str:
    return nothing if value is None else str(value)
