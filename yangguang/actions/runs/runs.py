"""A run of a ranked round: started or scheduled by an officer, computed by a job, published by two people.
(R3.04, F-D2, F-D4, F-D5)
"""

from datetime import datetime

from yangguang.actions.base.action import action, update_versioned
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.base.job_queue import queue_run
from yangguang.actions.runs import setup
from yangguang.actions.runs.progress import end_progress, lay_progress
from yangguang.actions.runs.system_steps import publish_now
from yangguang.models import AdmissionRun, Round, Unit
from yangguang.queries.runs.preconditions import earliest_start, publication_opens, require_ready
from yangguang.queries.runs.transitions import require_hour, require_move
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused
from yangguang.rules.runs import run_states
from yangguang.rules.seasons.windows import format_instant


@action("run.start", Right.ADMISSION_CENTRAL_RUN, on="round", pairs_with="run.approve")
def start(entry: AuditRecord, *, by: Actor, round: Round) -> AdmissionRun:
    """Ask for an official run: a job carries it out and ends it CHECKED, or FAILED with a sentence.

    Raises:
        Refused: a condition of `queries.runs.preconditions` does not hold.
    """
    require_ready(round, entry.at)
    return _lay(entry, by, round, trial=False)


@start.preflight
def _(at: datetime, *, by: Actor, round: Round) -> None:
    require_ready(round, at)


@action("run.what_if", Right.RUN_TRIAL, on="round")
def what_if(entry: AuditRecord, *, by: Actor, round: Round, school: Unit | None = None) -> AdmissionRun:
    """A trial for whoever prepares a round or watches over one; it ends as numbers, and nothing can come of it.

    It draws with a public seed of its own and may be made at any time.

    Args:
        school: compute its programmes alone.
    Raises:
        Refused: not a ranked round, or another run is computing.
    """
    require_ready(round, entry.at, trial=True)
    return _lay(entry, by, round, trial=True, school=school)


@what_if.preflight
def _(at: datetime, *, by: Actor, round: Round, school: Unit | None = None) -> None:
    require_ready(round, at, trial=True)


def _lay(entry: AuditRecord, by: Actor, round: Round, *, trial: bool, school: Unit | None = None) -> AdmissionRun:
    run = setup.lay(round, account=by.account, trial=trial, school=school)
    run.school, run.began_at = school, entry.at
    run.save(update_fields=["school", "began_at"])
    lay_progress(run, round)
    queue_run(run.pk)
    entry.set_subject(run)
    entry.add_facts(what_if=trial, number=run.number)
    return run


@action("run.schedule", Right.ADMISSION_CENTRAL_RUN, on="round", pairs_with="run.approve")
def schedule(entry: AuditRecord, *, by: Actor, round: Round, at: datetime) -> AdmissionRun:
    """Have the official run started by itself at an instant after the choices are final.

    Raises:
        Refused: the instant is too early, or the round has such a run already or is published.
    """
    _require_schedulable(round, at, entry.at)
    last = round.runs.order_by("-number").values_list("number", flat=True).first() or 0
    run = AdmissionRun.objects.create(
        round=round, number=last + 1, state=run_states.SCHEDULED, starts_at=at, started_by_id=by.account
    )
    lay_progress(run, round)
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
    earliest = earliest_start(round)
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
    """End a run that waits or computes. Its job sees it between and inside phases, and nothing of it counts.

    Raises:
        IllegalMove: it has come to its end already.
    """
    update_versioned(run, state=require_move("cancel", by, run))
    end_progress(run)
    return run


@cancel.preflight
def _(at: datetime, *, by: Actor, run: AdmissionRun) -> None:
    require_move("cancel", by, run)


@action("run.propose", Right.ADMISSION_CENTRAL_RUN, on="run", pairs_with="run.approve")
def propose(entry: AuditRecord, *, by: Actor, run: AdmissionRun) -> AdmissionRun:
    """Ask for the publication of a checked run.

    Raises:
        Refused: a trial, every programme is held back by the verifier, or what changed since the run before was not
            looked at by the proposer.
        IllegalMove: not the newest checked run of its round.
    """
    state = require_move("propose", by, run)
    update_versioned(run, state=state, proposed_by_id=by.account)
    return run


@propose.preflight
def _(at: datetime, *, by: Actor, run: AdmissionRun) -> None:
    require_move("propose", by, run)


@action("run.approve", Right.ADMISSION_PUBLISH, on="run", pairs_with="run.propose")
def approve(entry: AuditRecord, *, by: Actor, run: AdmissionRun) -> AdmissionRun:
    """Approve the publication; another person than the one who started or proposed the run.

    Raises:
        Refused: the same person.
    """
    update_versioned(run, state=require_move("approve", by, run), approved_by_id=by.account)
    return run


@approve.preflight
def _(at: datetime, *, by: Actor, run: AdmissionRun) -> None:
    require_move("approve", by, run)


@action("run.publish", Right.ADMISSION_PUBLISH, on="run", pairs_with="run.approve")
def publish(entry: AuditRecord, *, by: Actor, run: AdmissionRun) -> AdmissionRun:
    """Make the results official: admissions, seats, messages and the seed, in one transaction.

    Whoever got a seat elsewhere since the input was frozen is passed over and listed in the report; programmes held
    back by the verifier stay unpublished. Nothing is oversold: seats that have gone since then end the act.

    Raises:
        Refused: the approver again, too early, or the plan has changed since the run.
        IllegalMove: not approved, or published already.
    """
    _lock_round(run)
    require_move("publish", by, run)
    run.published_by_id = by.account
    return publish_now(entry, run)


@publish.preflight
def _(at: datetime, *, by: Actor, run: AdmissionRun) -> None:
    require_move("publish", by, run)
    require_hour(run.round, at)


@action("run.time", Right.ADMISSION_PUBLISH, on="run", pairs_with="run.approve")
def time(entry: AuditRecord, *, by: Actor, run: AdmissionRun, at: datetime) -> AdmissionRun:
    """Have an approved run published by itself at an instant, as if this officer published it then.

    Raises:
        Refused: the approver again, an instant that has passed or lies before the publication window, or the
            round is being computed anew.
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
    opens, state = publication_opens(round), require_move("time", by, run)
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
    """Take the set instant back, by either of the two who decided it; the run stays approved.

    Raises:
        Refused: neither of the two.
        IllegalMove: nothing is timed.
    """
    state = require_move("call_off", by, run)
    entry.add_facts(at="" if run.publish_at is None else format_instant(run.publish_at))
    update_versioned(run, state=state, publish_at=None, published_by_id=None)
    return run


@call_off.preflight
def _(at: datetime, *, by: Actor, run: AdmissionRun) -> None:
    require_move("call_off", by, run)


def _lock_round(run: AdmissionRun) -> Round:
    """The round of the run, locked against a new start."""
    round: Round = Round.objects.select_for_update().get(pk=run.round_id)
    return round
