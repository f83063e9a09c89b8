"""A run of a ranked round: started or scheduled by an officer, computed by a job, published by two people.
(R3.04, F-D2, F-D4, F-D5)
"""

from datetime import datetime
from functools import partial

from yangguang.actions.base.action import action, update_versioned
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.base.job_queue import queue_run
from yangguang.actions.runs import setup
from yangguang.actions.runs.progress import end_progress
from yangguang.actions.runs.system_steps import publish_now
from yangguang.actions.runs.verification import require_intact
from yangguang.models import AdmissionRun, Round, Unit
from yangguang.queries.runs.preconditions import get_earliest_start, get_publication_time, require_ready
from yangguang.queries.runs.transitions import require_publication_time, require_transition
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused
from yangguang.rules.runs import run_states
from yangguang.rules.seasons.windows import format_instant


@action("run.start", Right.ADMISSION_CENTRAL_RUN, on="round", pairs_with="run.approve")
def start(entry: AuditRecord, *, by: Actor, round: Round) -> AdmissionRun:
    """Start an official run: a job carries it out and ends it CHECKED, or FAILED with a sentence.

    Raises:
        Refused: a condition of `queries.runs.preconditions` does not hold.
    """
    require_ready(round, entry.at)
    return _create(entry, by, round, is_what_if=False)


@start.preflight
def _(at: datetime, *, by: Actor, round: Round) -> None:
    require_ready(round, at)


@action("run.what_if", Right.RUN_TRIAL, on="round")
def what_if(entry: AuditRecord, *, by: Actor, round: Round, school: Unit | None = None) -> AdmissionRun:
    """A trial with a public seed, at any time; its result is numbers and can never be published.

    Args:
        school: compute its programmes alone.
    Raises:
        Refused: not a ranked round, or another run is computing.
    """
    require_ready(round, entry.at, trial=True)
    return _create(entry, by, round, is_what_if=True, school=school)


@what_if.preflight
def _(at: datetime, *, by: Actor, round: Round, school: Unit | None = None) -> None:
    require_ready(round, at, trial=True)


def _create(
    entry: AuditRecord, by: Actor, round: Round, *, is_what_if: bool, school: Unit | None = None
) -> AdmissionRun:
    run = setup.create_run(
        round,
        is_what_if=is_what_if,
        school=school,
        began_at=entry.at,
        started_by_id=by.account,
        seed_commitment=setup.get_drawing(round, trial=is_what_if).commitment,
        program=setup.program(),
    )
    queue_run(run.pk)
    entry.set_subject(run)
    entry.add_facts(what_if=is_what_if, number=run.number)
    return run


@action("run.schedule", Right.ADMISSION_CENTRAL_RUN, on="round", pairs_with="run.approve")
def schedule(entry: AuditRecord, *, by: Actor, round: Round, at: datetime) -> AdmissionRun:
    """Schedule the official run for an instant after the choices are final.

    Raises:
        Refused: the instant is too early, or the round has such a run already or is published.
    """
    _require_schedulable(round, at, entry.at)
    run = setup.create_run(round, state=run_states.SCHEDULED, starts_at=at, started_by_id=by.account)
    queue_run(run.pk, at)
    entry.set_subject(run)
    entry.add_facts(number=run.number, at=format_instant(at))
    return run


@schedule.preflight
def _(now: datetime, *, by: Actor, round: Round, at: datetime) -> None:
    _require_schedulable(round, at, now)


def _require_schedulable(round: Round, at: datetime, now: datetime) -> None:
    """Raise Refused unless the official run can be set to start at `at`."""
    require_ready(round, now, scheduling=True)
    earliest = get_earliest_start(round)
    if earliest is None:
        raise Refused("志愿填报的截止时间待定，还不能预约运算", now="请先设定截止时间", where="at")
    if at < earliest or at <= now:
        raise Refused(
            f"预约的时间太早，最早是{format_instant(max(earliest, now))}",
            why="运算要在志愿填报和复核都结束之后",
            now="请填写更晚的时间",
            where="at",
        )


@action("run.cancel", Right.ADMISSION_CENTRAL_RUN, on="run", pairs_with="run.start")
def cancel(entry: AuditRecord, *, by: Actor, run: AdmissionRun) -> AdmissionRun:
    """End a run that waits or computes; its job notices it between and inside phases.

    Raises:
        IllegalMove: it has ended already.
    """
    update_versioned(run, state=require_transition("cancel", by, run))
    end_progress(run)
    return run


@action("run.propose", Right.ADMISSION_CENTRAL_RUN, on="run", pairs_with="run.approve")
def propose(entry: AuditRecord, *, by: Actor, run: AdmissionRun) -> AdmissionRun:
    """Propose the publication of a checked run.

    Raises:
        Refused: a trial, the verifier withholds every programme, or the proposer has not compared it with the last run.
        IllegalMove: not the newest checked run of its round.
    """
    update_versioned(run, state=require_transition("propose", by, run), proposed_by_id=by.account)
    return run


@action("run.approve", Right.ADMISSION_PUBLISH, on="run", pairs_with="run.propose")
def approve(entry: AuditRecord, *, by: Actor, run: AdmissionRun) -> AdmissionRun:
    """Approve the publication; another person than the one who started or proposed the run.

    Raises:
        Refused: the same person, or the stored list is not the one that was verified.
    """
    state = require_transition("approve", by, run)
    require_intact(run)
    update_versioned(run, state=state, approved_by_id=by.account)
    return run


@action("run.publish", Right.ADMISSION_PUBLISH, on="run", pairs_with="run.approve")
def publish(entry: AuditRecord, *, by: Actor, run: AdmissionRun) -> AdmissionRun:
    """Make the results official: admissions, seats, messages and the seed, in one transaction.

    Applicants who got a seat elsewhere since the input was frozen are skipped and listed in the report; programmes that
    the verifier withholds stay unpublished.

    Raises:
        Refused: the approver again, too early, or the plan has changed since the run.
        IllegalMove: not approved, or published already.
    """
    _lock_round(run)
    require_transition("publish", by, run)
    run.published_by_id = by.account
    return publish_now(entry, run)


@publish.preflight
def _(at: datetime, *, by: Actor, run: AdmissionRun) -> None:
    require_transition("publish", by, run)
    require_publication_time(run.round, at)


@action("run.time", Right.ADMISSION_PUBLISH, on="run", pairs_with="run.approve")
def time(entry: AuditRecord, *, by: Actor, run: AdmissionRun, at: datetime) -> AdmissionRun:
    """Schedule the publication of an approved run, as if this officer published it then.

    Raises:
        Refused: the approver again, an instant that has passed or lies before the publication window, or the
            round is being computed again.
        IllegalMove: not approved.
    """
    state = _require_timed(by, _lock_round(run), run, at, entry.at)
    update_versioned(run, state=state, publish_at=at, published_by_id=by.account)
    queue_run(run.pk, at)
    entry.add_facts(at=format_instant(at))
    return run


@time.preflight
def _(now: datetime, *, by: Actor, run: AdmissionRun, at: datetime) -> None:
    _require_timed(by, run.round, run, at, now)


def _require_timed(by: Actor, round: Round, run: AdmissionRun, at: datetime, now: datetime) -> str:
    """The state of a run that is to be published at `at`; raises what `time` raises."""
    opens, state = get_publication_time(round), require_transition("time", by, run)
    if at <= now or (opens is not None and at < opens):
        raise Refused(
            f"定时公布的时间太早，最早是{format_instant(max(now, opens or now))}",
            why="所有学生在统一公布时间知道结果",
            now="请填写更晚的时间",
            where="at",
        )
    return state


@action("run.call_off", Right.ADMISSION_PUBLISH, on="run", pairs_with="run.time")
def call_off(entry: AuditRecord, *, by: Actor, run: AdmissionRun) -> AdmissionRun:
    """Cancel the scheduled publication; the run stays approved.

    Raises:
        Refused: neither of the two officers who decided it.
        IllegalMove: nothing is scheduled.
    """
    state = require_transition("call_off", by, run)
    entry.add_facts(at="" if run.publish_at is None else format_instant(run.publish_at))
    update_versioned(run, state=state, publish_at=None, published_by_id=None)
    return run


def _lock_round(run: AdmissionRun) -> Round:
    """The round of the run, locked against a new start."""
    round: Round = Round.objects.select_for_update().get(pk=run.round_id)
    return round


def _preflight(transition: str, at: datetime, *, by: Actor, run: AdmissionRun) -> None:
    require_transition(transition, by, run)


for _verb in (cancel, propose, approve, call_off):
    _verb.preflight(partial(_preflight, _verb.spec.name.removeprefix("run.")))
