"""The phases of a run, each from what the database holds: freeze, compute, check. No phase keeps state elsewhere."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from yangguang.actions.lottery import joint_seed_of
from yangguang.actions.run_answers import FAST, answer, count, hash_of, output_hash, store, with_codes
from yangguang.actions.run_checking import Untrustworthy, spelled, verdict_on
from yangguang.engine import settle
from yangguang.gateways.ciphers import sm3
from yangguang.models import AdmissionRun, LotterySeed, Round, Unit
from yangguang.queries import freezing, snapshots
from yangguang.queries.rows import fetch_all
from yangguang.rules import matching, run_states
from yangguang.rules.lottery import commitment
from yangguang.rules.refusals import Refused
from yangguang.rules.standings import Seats
from yangguang.rules.verification import Drawing

__all__ = ["check", "compute", "drawing_of", "freeze", "lay", "output_hash", "program", "tell_nobody"]

Tell = Callable[[str, int, int], None]
"""Hears how far a run is: phase, done, total (persons)."""
_REFERENCE = ("matching", "standings", "answers", "buckets", "instance")
_ENGINE = ("columns", "ranking", "problem", "settle", "general", "plain", "heaps", "asks", "answering")


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
    text = freezing.freeze(run.round, at, drawing.commitment, drawing.seed, school)
    tell("freeze", 0, 1)
    packed, run.input_hash = snapshots.pack(text)
    run.snapshot = packed
    # Bound by the server: as a part of the statement's text it would be twice as long.
    fetch_all(_FREEZE, (packed, run.input_hash, run.pk))
    tell("freeze", 1, 1)


_FREEZE = "UPDATE yangguang_admissionrun SET snapshot = %s, input_hash = %s WHERE id = %s"


def compute(run: AdmissionRun, *, engine: str = FAST, tell: Tell = tell_nobody) -> None:
    """Match the frozen input and store the list; a run that cannot be computed ends as FAILED with its sentence.

    What an unfinished try left is removed first; a run that is computed already is left alone.

    Args:
        engine: `run_answers.FAST`, or REFERENCE for the published program; the same list comes out.
    """
    if run.state != run_states.DRAFTED:
        return
    plain = snapshots.unpacked(run)
    frozen, people = snapshots.read_columns(plain)
    persons = len(people.numbers)
    tell("compute", 0, persons)
    try:
        found = answer(plain, frozen, people, engine)
    except Refused as refusal:
        _fail(run, with_codes(str(refusal), frozen.codes))
        return
    tell("store", 0, persons)
    seats = Seats(frozen.seats)
    store(run, people, frozen.codes, seats, found)
    flows = [[frozen.codes[f.line - 1], f.giver, f.taker, f.seats] for f in found.flows]
    _save(
        run, state=_to(run, "compute"), program=program(engine), counts=count(people, frozen.codes, found),
        output_hash=hash_of(people, frozen.codes, seats, found), report={"flows": flows},
    )  # fmt: skip
    tell("store", persons, persons)


def check(run: AdmissionRun, *, tell: Tell = tell_nobody) -> None:
    """Verify the rows that were stored against the frozen input; a run that is not just computed is left alone."""
    if run.state != run_states.COMPUTED:
        return
    plain = snapshots.unpacked(run)
    frozen, people = snapshots.read_columns(plain)
    tell("check", 0, len(people.numbers))
    try:
        report = verdict_on(run, plain, frozen, people, drawing_of(run.round, run.is_what_if))
    except Untrustworthy as fault:
        _fail(run, str(fault))
        return
    _save(run, state=_to(run, "check"), report=spelled(report, frozen.codes) | run.report)
    tell("check", len(people.numbers), len(people.numbers))


@cache
def program(engine: str = FAST) -> str:
    """Which program computes: a digest over the sources of the matching."""
    home, stems = (settle, _ENGINE) if engine == FAST else (matching, _REFERENCE)
    folder = Path(str(home.__file__)).parent
    source = b"".join((folder / f"{stem}.py").read_bytes() for stem in stems)
    return f"{'engine' if engine == FAST else 'rules.matching'} {sha256(source).hexdigest()[:16]}"


def _fail(run: AdmissionRun, says: str) -> None:
    _save(run, state=_to(run, "fail"), report={"failed": says})


def _to(run: AdmissionRun, move: str) -> str:
    return run_states.MOVES.take(move, run.state)


def _save(run: AdmissionRun, **changes: Any) -> None:
    """Within one act the version does not step: it counts acts."""
    for name, value in changes.items():
        setattr(run, name, value)
    run.save(update_fields=list(changes))
