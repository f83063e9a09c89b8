"""The phases of a run: freeze, compute, check. Each starts from the database and stores everything there."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from yangguang.actions.runs.results import compute_results, count_results, hash_results, name_programmes, store_results
from yangguang.actions.runs.setup import FAST, get_drawing, program
from yangguang.actions.runs.verification import Untrustworthy, format_report, verify_stored
from yangguang.models import AdmissionRun, Unit
from yangguang.postgres.sql import execute
from yangguang.queries.runs import input_build, input_columns, input_format
from yangguang.rules.base.refusals import Refused
from yangguang.rules.runs import run_states

Tell = Callable[[str, int, int], None]
"""Receives how far a run is: phase, done, total (persons)."""


def ignore_progress(phase: str, done: int, total: int) -> None:
    """For a run whose progress no one follows."""


def freeze(
    run: AdmissionRun, at: datetime, *, trial: bool, school: Unit | None = None, tell: Tell = ignore_progress
) -> None:
    """Store everything the run will read; a run that is frozen already is left alone.

    Args:
        at: decides which sanctions are in force.
        tell: is called between statements, never while a COPY uses the connection.
    """
    if run.input_hash:
        return
    tell("freeze", 0, 1)
    drawing = get_drawing(run.round, trial=trial)
    text = input_build.freeze(run.round, at, drawing.commitment, drawing.seed, school)
    tell("freeze", 0, 1)
    run.snapshot, run.input_hash = input_format.pack(text)
    # Bound by the server: as a part of the statement's text it would be twice as long.
    execute(_FREEZE, (run.snapshot, run.input_hash, run.pk))
    tell("freeze", 1, 1)


_FREEZE = "UPDATE yangguang_admissionrun SET snapshot = %s, input_hash = %s WHERE id = %s"


def compute(run: AdmissionRun, *, engine: str = FAST, tell: Tell = ignore_progress) -> None:
    """Match the frozen input and store the list; a run that cannot be computed ends as FAILED with its sentence.

    A run that is computed already is left alone.

    Args:
        engine: FAST, or REFERENCE for the published program; the list is the same.
    """
    if run.state != run_states.DRAFTED:
        return
    plain = input_format.unpack(run)
    frozen, people = input_columns.read_columns(plain)
    persons = len(people.numbers)
    tell("compute", 0, persons)
    try:
        results = compute_results(plain, frozen, people, engine)
    except Refused as refusal:
        _advance(run, "fail", report={"failed": name_programmes(str(refusal), frozen.codes)})
        return
    tell("store", 0, persons)
    store_results(run, people, frozen.codes, results)
    flows = [[frozen.codes[f.programme - 1], f.giver, f.taker, f.seats] for f in results.flows]
    _advance(
        run,
        "compute",
        program=program(engine),
        counts=count_results(people, frozen.codes, results),
        output_hash=hash_results(people, frozen.codes, results),
        report={"flows": flows},
    )
    tell("store", persons, persons)


def check(run: AdmissionRun, *, tell: Tell = ignore_progress) -> None:
    """Verify the rows that were stored against the frozen input; a run that is not just computed is left alone."""
    if run.state != run_states.COMPUTED:
        return
    plain = input_format.unpack(run)
    frozen, people = input_columns.read_columns(plain)
    tell("check", 0, len(people.numbers))
    try:
        report = verify_stored(run, plain, frozen, people, get_drawing(run.round, trial=run.is_what_if))
    except Untrustworthy as fault:
        _advance(run, "fail", report={"failed": str(fault)})
        return
    _advance(run, "check", report=format_report(report, frozen.codes) | run.report)
    tell("check", len(people.numbers), len(people.numbers))


def _advance(run: AdmissionRun, transition: str, **changes: Any) -> None:
    """Save the next state with `changes`; the version stays, because it counts acts."""
    changes["state"] = run_states.TRANSITIONS.next_state(transition, run.state)
    for name, value in changes.items():
        setattr(run, name, value)
    run.save(update_fields=list(changes))
