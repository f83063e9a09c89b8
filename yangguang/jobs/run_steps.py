"""A run carried out step by step, each step its own transaction: killed anywhere, it goes on from the last one. (F-D4)

All that a step needs lies in the database, so it does not matter which process does the next. A step takes the
run's lock first and then looks what is to be done, so two processes never do the same one twice.
"""

from collections.abc import Callable

import structlog
from django.db import OperationalError, transaction

from yangguang import clock
from yangguang.actions.runs import phases, system_steps
from yangguang.actions.runs.progress import Progress, Stopped
from yangguang.jobs.system_actor import SYSTEM
from yangguang.models import AdmissionRun
from yangguang.postgres.locks import LockClass, take_lock
from yangguang.queries.runs.preconditions import require_ready
from yangguang.rules.base.refusals import Refused
from yangguang.rules.runs import run_states

MOST_TRIES = 50
"""A run that kills its worker this often is not taken up again."""
log = structlog.get_logger()


def carry_out(run: int) -> AdmissionRun:
    """Do whatever is due for the run (row id): begin it, go through its phases, publish it at its hour.

    A cancelled run is left as it is. What cannot be carried out ends with a sentence for the officers.

    Raises:
        OperationalError: the database went away; the same call goes on later.
    """
    with Progress(run) as tell:
        try:
            while _step(run, tell):
                pass
        except Stopped:
            log.info("run stopped", run=run)
        except OperationalError:
            raise
        except Exception as error:
            _give_up(run, error)
    return AdmissionRun.objects.defer("snapshot").select_related("round").get(pk=run)


def _step(pk: int, tell: phases.Tell) -> bool:
    """The next step, whole or not at all; False when there is none."""
    with transaction.atomic():
        take_lock(LockClass.RUN, pk)
        run = AdmissionRun.objects.select_related("round__season", "school", "progress").get(pk=pk)
        step = _next(run)
        if step is None:
            return False
        step(run, tell)
        return True


Step = Callable[[AdmissionRun, phases.Tell], None]


def _next(run: AdmissionRun) -> Step | None:
    match run.state:
        case run_states.SCHEDULED:
            return (
                _begin if run.starts_at is not None and run.starts_at <= clock.now() and _alone(run) else None
            )
        case run_states.DRAFTED | run_states.COMPUTED if run.progress.tries > MOST_TRIES:
            raise Refused(f"后台任务中断了{MOST_TRIES}次，没有再接手", now="请联系运维查看日志后重新运算")
        case run_states.DRAFTED:
            return _compute if run.input_hash else _freeze
        case run_states.COMPUTED:
            return _check
        case run_states.TIMED:
            return _publish if run.publish_at is not None and run.publish_at <= clock.now() else None
    return None


def _alone(run: AdmissionRun) -> bool:
    """A trial under way is waited for; the next look is within a minute."""
    return not run.round.runs.filter(state__in=run_states.COMPUTING).exists()


def _begin(run: AdmissionRun, tell: phases.Tell) -> None:
    system_steps.begin(by=SYSTEM, run=run)


def _freeze(run: AdmissionRun, tell: phases.Tell) -> None:
    # Whatever was changed between the officer's key and this moment counts, too.
    require_ready(run.round, clock.now(), trial=run.is_what_if, own=run.pk)
    assert run.began_at is not None
    phases.freeze(run, run.began_at, trial=run.is_what_if, school=run.school, tell=tell)


def _compute(run: AdmissionRun, tell: phases.Tell) -> None:
    phases.compute(run, tell=tell)
    if run.state == run_states.FAILED:
        system_steps.finish(by=SYSTEM, run=run)


def _check(run: AdmissionRun, tell: phases.Tell) -> None:
    phases.check(run, tell=tell)
    system_steps.finish(by=SYSTEM, run=run)


def _publish(run: AdmissionRun, tell: phases.Tell) -> None:
    system_steps.publish_due(by=SYSTEM, run=run)


def _give_up(pk: int, error: Exception) -> None:
    """Say why; a run that was cancelled meanwhile needs no reason."""
    run = AdmissionRun.objects.defer("snapshot").get(pk=pk)
    if isinstance(error, Refused):
        says = str(error)
    else:
        log.exception("run failed", run=pk)
        says = f"程序出错（{type(error).__name__}），已记入日志，请联系运维"
    if run.state == run_states.TIMED:
        system_steps.publish_failed(by=SYSTEM, run=run, says=says)
    elif run.state in (run_states.SCHEDULED, *run_states.COMPUTING):
        system_steps.fail(by=SYSTEM, run=run, says=says)
