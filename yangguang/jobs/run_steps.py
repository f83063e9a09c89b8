"""Carries out a run step by step, one transaction for each; after a crash it continues with the next step. (F-D4)

A step needs nothing but the database, so any process may do the next one. It takes the run's lock before it reads the
state, so two processes never do the same step.
"""

from collections.abc import Callable
from datetime import datetime

import structlog
from django.db import OperationalError, transaction

from yangguang import clock
from yangguang.actions.runs import phases, system_steps
from yangguang.actions.runs.progress import Progress, Stopped
from yangguang.models import AdmissionRun
from yangguang.postgres.locks import LockClass, take_lock
from yangguang.queries.runs.preconditions import require_ready
from yangguang.rules.accounts.actors import SYSTEM
from yangguang.rules.base.refusals import Refused
from yangguang.rules.runs import run_states

MAX_TRIES = 50
"""A run whose worker was killed this often is not tried again."""
log = structlog.get_logger()


def carry_out(run: int) -> AdmissionRun:
    """Do all steps that are due for the run (row id): begin it, compute its phases, publish it at its time.

    A cancelled run stays as it is. A run that fails gets a sentence for the officers.

    Raises:
        OperationalError: the database did not answer; call again to continue.
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
    """Do the next step in one transaction; False when there is none."""
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
            return _begin if _is_due(run.starts_at) and _is_alone(run) else None
        case run_states.DRAFTED | run_states.COMPUTED if run.progress.tries > MAX_TRIES:
            raise Refused(f"后台任务中断了{MAX_TRIES}次，没有再接手", now="请联系运维查看日志后重新运算")
        case run_states.DRAFTED:
            return _compute if run.input_hash else _freeze
        case run_states.COMPUTED:
            return _check
        case run_states.TIMED:
            return _publish if _is_due(run.publish_at) else None
    return None


def _is_due(at: datetime | None) -> bool:
    return at is not None and at <= clock.now()


def _is_alone(run: AdmissionRun) -> bool:
    """Whether no other run of the round is being computed; the job is tried again within a minute."""
    return not run.round.runs.filter(state__in=run_states.COMPUTING).exists()


def _begin(run: AdmissionRun, tell: phases.Tell) -> None:
    system_steps.begin(by=SYSTEM, run=run)


def _freeze(run: AdmissionRun, tell: phases.Tell) -> None:
    # The preconditions may have changed since the officer started the run.
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
    """Store why the run failed; a run that was cancelled meanwhile stays as it is."""
    run = AdmissionRun.objects.defer("snapshot").get(pk=pk)
    if isinstance(error, Refused):
        sentence = str(error)
    else:
        log.exception("run failed", run=pk)
        sentence = f"程序出错（{type(error).__name__}），已记入日志，请联系运维"
    if run.state == run_states.TIMED:
        system_steps.publish_failed(by=SYSTEM, run=run, sentence=sentence)
    elif run.state in (run_states.SCHEDULED, *run_states.COMPUTING):
        system_steps.fail(by=SYSTEM, run=run, sentence=sentence)
