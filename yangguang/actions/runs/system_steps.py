"""What the system does to a run after an officer's decision: begin, finish, fail, publish at its time. (F-D4, F-D5)"""

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
    """Begin a scheduled run at its time; if a condition does not hold, it fails with that sentence.

    Raises:
        IllegalMove: it is not scheduled any more.
        Refused: its time has not come.
    """
    state = run_states.TRANSITIONS.next_state("begin", run.state)
    assert run.starts_at is not None
    if entry.at < run.starts_at:
        raise Refused("预约的时间还没有到", now="到时自动开始")
    try:
        require_ready(run.round, entry.at, own=run.pk)
    except Refused as refusal:
        return _fail(entry, run, str(refusal))
    seal = setup.get_drawing(run.round, trial=False).commitment
    update_versioned(run, state=state, began_at=entry.at, seed_commitment=seal, program=setup.program())
    entry.add_facts(number=run.number)
    return run


@action("run.finish", Right.RUN_WORK, on="run")
def finish(entry: AuditRecord, *, by: Actor, run: AdmissionRun) -> AdmissionRun:
    """Finish a run after its last phase; a CHECKED one supersedes the unpublished runs of its round."""
    if run.state == run_states.CHECKED and not run.is_what_if:
        _supersede_others(run)
    end_progress(run)
    entry.add_facts(what_if=run.is_what_if, state=run.state, input=run.input_hash, output=run.output_hash)
    entry.add_facts(**_logged_counts(run))
    return run


@action("run.fail", Right.RUN_WORK, on="run")
def fail(entry: AuditRecord, *, by: Actor, run: AdmissionRun, sentence: str) -> AdmissionRun:
    """End a run that cannot be carried out, with a sentence for the officers.

    Raises:
        IllegalMove: it has ended already.
    """
    return _fail(entry, run, sentence)


@action("run.publish_due", Right.RUN_WORK, on="run")
def publish_due(entry: AuditRecord, *, by: Actor, run: AdmissionRun) -> AdmissionRun:
    """Publish at the time that two people decided.

    Raises:
        IllegalMove: it was called off or published meanwhile.
        Refused: its time has not come, or the seats do not suffice any more.
    """
    run_states.TRANSITIONS.next_state("call_off", run.state)
    assert run.publish_at is not None
    if entry.at < run.publish_at:
        raise Refused("定时公布的时间还没有到", now="到时自动公布")
    return publish_now(entry, run)


@action("run.publish_failed", Right.RUN_WORK, on="run")
def publish_failed(entry: AuditRecord, *, by: Actor, run: AdmissionRun, sentence: str) -> AdmissionRun:
    """Store why nothing was published at its time; the run is approved as before."""
    state = run_states.TRANSITIONS.next_state("call_off", run.state)
    update_versioned(
        run, state=state, publish_at=None, published_by_id=None, report=run.report | {"unpublished": sentence}
    )
    entry.add_facts(failed=sentence)
    return run


def publish_now(entry: AuditRecord, run: AdmissionRun) -> AdmissionRun:
    """Publish admissions, seats, messages and the seed; the caller sets `published_by`."""
    state = run_states.TRANSITIONS.next_state("publish", run.state)
    result = publication.publish(run, entry.at)
    counts = run.counts | {"admitted": result.seated, "skipped": len(result.skipped)}
    report = run.report | {"skipped": list(result.skipped)}
    report.pop("unpublished", None)
    update_versioned(
        run, state=state, published_by_id=run.published_by_id, published_at=entry.at, counts=counts, report=report
    )
    _supersede_others(run)
    facts = {"output": run.output_hash, "held_back": len(report["held_back"]), **_logged_counts(run)}
    entry.add_facts(**facts)
    return run


def _supersede_others(run: AdmissionRun) -> None:
    execute(_SUPERSEDE, (run.round_id, run.pk))


def _logged_counts(run: AdmissionRun) -> dict[str, int]:
    names = ("persons", "programmes", "placed", "admitted", "skipped")
    return {name: run.counts[name] for name in names if name in run.counts}


def _fail(entry: AuditRecord, run: AdmissionRun, sentence: str) -> AdmissionRun:
    update_versioned(
        run, state=run_states.TRANSITIONS.next_state("fail", run.state), report=run.report | {"failed": sentence}
    )
    end_progress(run)
    entry.add_facts(failed=sentence)
    return run
