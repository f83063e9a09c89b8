"""What the platform itself does to a run: begin it at its hour, end it, publish it at its hour. (F-D4, F-D5)

An officer starts, schedules, approves and times; here is only carried out what was decided, by the system.
"""

from yangguang.actions.base.action import action, update_versioned
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.runs import publication, setup
from yangguang.actions.runs.progress import end_progress
from yangguang.models import AdmissionRun
from yangguang.postgres.sql import execute
from yangguang.queries.runs.preconditions import require_ready
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.runs import run_states

_SUPERSEDE = f"""
UPDATE yangguang_admissionrun SET state = 'SUPERSEDED'
WHERE round_id = %s AND id <> %s AND state IN {render_states(run_states.TRANSITIONS["supersede"].froms)}
"""


@action("run.begin", Right.RUN_WORK, on="run")
def begin(entry: AuditRecord, *, by: Actor, run: AdmissionRun) -> AdmissionRun:
    """Start a scheduled run at its instant; a condition that does not hold ends it with that sentence.

    Raises:
        IllegalMove: it does not wait any more.
        Refused: its instant has not come.
    """
    state = run_states.TRANSITIONS.next_state("begin", run.state)
    assert run.starts_at is not None
    if entry.at < run.starts_at:
        raise Refused("预约的时间还没有到", now="到时自动开始")
    try:
        require_ready(run.round, entry.at, own=run.pk)
    except Refused as refusal:
        return _fail(entry, run, str(refusal))
    seal = setup.drawing_of(run.round, trial=False).commitment
    update_versioned(run, state=state, began_at=entry.at, seed_commitment=seal, program=setup.program())
    entry.add_facts(number=run.number)
    return run


@action("run.finish", Right.RUN_WORK, on="run")
def finish(entry: AuditRecord, *, by: Actor, run: AdmissionRun) -> AdmissionRun:
    """Close a run whose phases are through: CHECKED supersedes what was not published, FAILED has its sentence."""
    if run.state == run_states.CHECKED and not run.is_what_if:
        supersede_others(run)
    end_progress(run)
    entry.add_facts(what_if=run.is_what_if, state=run.state, input=run.input_hash, output=run.output_hash)
    entry.add_facts(**numbers_of(run))
    return run


@action("run.fail", Right.RUN_WORK, on="run")
def fail(entry: AuditRecord, *, by: Actor, run: AdmissionRun, says: str) -> AdmissionRun:
    """End a run that cannot be carried out, with the sentence the officers read.

    Raises:
        IllegalMove: it has come to its end already.
    """
    return _fail(entry, run, says)


@action("run.publish_due", Right.RUN_WORK, on="run")
def publish_due(entry: AuditRecord, *, by: Actor, run: AdmissionRun) -> AdmissionRun:
    """Publish at the set instant what two people decided. Exactly once: the row is locked and its state moves on.

    Raises:
        IllegalMove: it was called off or published meanwhile.
        Refused: its instant has not come, or seats have gone since the run.
    """
    run_states.TRANSITIONS.next_state("call_off", run.state)
    assert run.publish_at is not None
    if entry.at < run.publish_at:
        raise Refused("定时公布的时间还没有到", now="到时自动公布")
    return publish_now(entry, run)


@action("run.publish_failed", Right.RUN_WORK, on="run")
def publish_failed(entry: AuditRecord, *, by: Actor, run: AdmissionRun, says: str) -> AdmissionRun:
    """Say on the page why nothing was published at the set instant; the run is approved again as before."""
    state = run_states.TRANSITIONS.next_state("call_off", run.state)
    update_versioned(run, state=state, publish_at=None, published_by_id=None, report=run.report | {"unpublished": says})
    entry.add_facts(failed=says)
    return run


def publish_now(entry: AuditRecord, run: AdmissionRun) -> AdmissionRun:
    """The publication itself: admissions, seats, messages and the seed. `published_by` is set by the caller."""
    state = run_states.TRANSITIONS.next_state("publish", run.state)
    taken = publication.publish(run, entry.at)
    counts = run.counts | {"admitted": taken.seated, "skipped": len(taken.skipped)}
    report = run.report | {"skipped": list(taken.skipped)}
    report.pop("unpublished", None)
    update_versioned(
        run, state=state, published_by_id=run.published_by_id, published_at=entry.at, counts=counts, report=report
    )
    supersede_others(run)
    entry.add_facts(output=run.output_hash, held_back=len(report["held_back"]), **numbers_of(run))
    return run


def supersede_others(run: AdmissionRun) -> None:
    """Runs of the round that this one takes the place of."""
    execute(_SUPERSEDE, (run.round_id, run.pk))


def numbers_of(run: AdmissionRun) -> dict[str, int]:
    """The counts that the log keeps of a run."""
    names = ("persons", "programmes", "placed", "admitted", "skipped")
    return {name: run.counts[name] for name in names if name in run.counts}


def _fail(entry: AuditRecord, run: AdmissionRun, says: str) -> AdmissionRun:
    update_versioned(
        run, state=run_states.TRANSITIONS.next_state("fail", run.state), report=run.report | {"failed": says}
    )
    end_progress(run)
    entry.add_facts(failed=says)
    return run
