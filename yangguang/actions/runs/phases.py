"""The phases of a run, each from what the database holds: freeze, compute, check. No phase keeps state elsewhere."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from yangguang.actions.runs.results import answer, count, hash_of, store, with_codes
from yangguang.actions.runs.setup import FAST, drawing_of, program
from yangguang.actions.runs.verification import Untrustworthy, spelled, verdict_on
from yangguang.models import AdmissionRun, Unit
from yangguang.postgres.sql import execute
from yangguang.queries.runs import input_build, input_columns, input_format
from yangguang.rules.base.refusals import Refused
from yangguang.rules.runs import run_states

Tell = Callable[[str, int, int], None]
"""Hears how far a run is: phase, done, total (persons)."""


def tell_nobody(phase: str, done: int, total: int) -> None:
    """Where nobody waits for the progress of a run."""


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
    text = input_build.freeze(run.round, at, drawing.commitment, drawing.seed, school)
    tell("freeze", 0, 1)
    packed, run.input_hash = input_format.pack(text)
    run.snapshot = packed
    # Bound by the server: as a part of the statement's text it would be twice as long.
    execute(_FREEZE, (packed, run.input_hash, run.pk))
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
    plain = input_format.unpacked(run)
    frozen, people = input_columns.read_columns(plain)
    persons = len(people.numbers)
    tell("compute", 0, persons)
    try:
        found = answer(plain, frozen, people, engine)
    except Refused as refusal:
        _fail(run, with_codes(str(refusal), frozen.codes))
        return
    tell("store", 0, persons)
    store(run, people, frozen.codes, found)
    flows = [[frozen.codes[f.programme - 1], f.giver, f.taker, f.seats] for f in found.flows]
    _save(
        run,
        state=_to(run, "compute"),
        program=program(engine),
        counts=count(people, frozen.codes, found),
        output_hash=hash_of(people, frozen.codes, found),
        report={"flows": flows},
    )
    tell("store", persons, persons)


def check(run: AdmissionRun, *, tell: Tell = tell_nobody) -> None:
    """Verify the rows that were stored against the frozen input; a run that is not just computed is left alone."""
    if run.state != run_states.COMPUTED:
        return
    plain = input_format.unpacked(run)
    frozen, people = input_columns.read_columns(plain)
    tell("check", 0, len(people.numbers))
    try:
        report = verdict_on(run, plain, frozen, people, drawing_of(run.round, run.is_what_if))
    except Untrustworthy as fault:
        _fail(run, str(fault))
        return
    _save(run, state=_to(run, "check"), report=spelled(report, frozen.codes) | run.report)
    tell("check", len(people.numbers), len(people.numbers))


def _fail(run: AdmissionRun, says: str) -> None:
    _save(run, state=_to(run, "fail"), report={"failed": says})


def _to(run: AdmissionRun, move: str) -> str:
    return run_states.TRANSITIONS.next_state(move, run.state)


def _save(run: AdmissionRun, **changes: Any) -> None:
    """Within one act the version does not step: it counts acts."""
    for name, value in changes.items():
        setattr(run, name, value)
    run.save(update_fields=list(changes))
