"""Periodic tasks: messages, runs, bundles, records, answers, waiting lists, withdrawals, measures, proposals, log.

Cron expressions are in UTC: 16:05 is five past midnight in Beijing.
"""

from contextlib import suppress

import structlog
from django.db import InterfaceError, OperationalError
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Status

from yangguang import clock
from yangguang.actions.accounts import proposals
from yangguang.actions.admissions import answers, waiting_list_actions, withdrawals
from yangguang.actions.applicants import duplicates
from yangguang.actions.audit import audit_roots, invariant_checks
from yangguang.actions.base.job_queue import CARRY_OUT, queue_run
from yangguang.actions.disclosure import bundles
from yangguang.actions.messages import delivery
from yangguang.actions.records import records
from yangguang.actions.supervision import sanctions
from yangguang.jobs.run_steps import carry_out
from yangguang.models import Season
from yangguang.queries.admissions.overdue_answers import list_rounds_to_lapse
from yangguang.queries.admissions.waiting_list import list_open_lists, list_overdue_lists
from yangguang.queries.audit.daily_roots import last_day_ended, list_days_without_root
from yangguang.queries.audit.invariants.catalogue import check_invariants
from yangguang.queries.disclosure.bundles import list_runs_without_bundle
from yangguang.queries.runs.progress import list_due_runs
from yangguang.queries.seasons.seasons import running_seasons
from yangguang.rules.accounts.actors import SYSTEM
from yangguang.rules.base.refusals import Refused

BATCH = 500
STALLED_AFTER = 30.0
"""Seconds without a heartbeat; checked every minute, so a killed worker's jobs run again within 90 s."""
RETRY = RetryStrategy(max_attempts=5, linear_wait=30, retry_exceptions=(OperationalError, InterfaceError))
"""The database did not answer: at once, then after 30 s, a minute … Jobs of every minute have the next minute."""
log = structlog.get_logger()


class InvariantsBroken(Exception):
    """Raised so that the job counts as failed."""


@app.periodic(cron="* * * * *")
@app.task(name="send_messages", queueing_lock="send_messages", lock="send_messages")
def send_messages(timestamp: int) -> int:
    """Send queued messages, one transaction for each batch; returns how many were sent."""
    sent = 0
    while (batch := delivery.send_due(by=SYSTEM, limit=BATCH)).sent:
        sent += batch.sent
        if sum(batch) < BATCH:
            break
    return sent


@app.task(name=CARRY_OUT)
def carry_out_run(run: int) -> str:
    """Do the steps that are due for one run; returns its state. A killed job continues with the next step."""
    return str(carry_out(run).state)


@app.periodic(cron="* * * * *")
@app.task(name="carry_on_runs", queueing_lock="carry_on_runs", lock="carry_on_runs")
def carry_on_runs(timestamp: int) -> int:
    """Queue every run that is due or has lost its job; returns how many."""
    due = list_due_runs()
    for run in due:
        with suppress(AlreadyEnqueued):
            queue_run(run)
    return len(due)


@app.periodic(cron="5 16 * * *")
@app.task(name="publish_daily_root", queueing_lock="publish_daily_root", lock="publish_daily_root", retry=RETRY)
def publish_daily_root(timestamp: int) -> int:
    """Publish the root of every day that has ended in Beijing and has none; returns how many."""
    days = list_days_without_root(last_day_ended(clock.now()))
    for day in days:
        audit_roots.publish_root(by=SYSTEM, day=day)
    return len(days)


@app.periodic(cron="20 16 * * *")
@app.task(name="make_due_records", queueing_lock="make_due_records", lock="make_due_records", retry=RETRY)
def make_due_records(timestamp: int) -> int:
    """Create yesterday's records: the national upload closes soon after the last check-ins. (R2.06)"""
    return sum(records.make_due(by=SYSTEM, season=season) for seasons in _list_years() for season in seasons)


@app.periodic(cron="* * * * *")
@app.task(name="make_bundles", queueing_lock="make_bundles", lock="make_bundles")
def make_bundles(timestamp: int) -> int:
    """Create missing bundles; returns how many. A refused bundle does not delay the others.

    Raises:
        Refused: of the last bundle that was refused, so that the job counts as failed.
    """
    created, refused = 0, None
    for run in list_runs_without_bundle():
        try:
            bundles.make(by=SYSTEM, run=run)
            created += 1
        except Refused as refusal:
            log.error("bundle refused", run=str(run.public_id), what=refusal.what)
            refused = refusal
    if refused is not None:
        raise refused
    return created


@app.periodic(cron="0 * * * *")
@app.task(name="offer_freed_seats", queueing_lock="offer_freed_seats", lock="offer_freed_seats", retry=RETRY)
def offer_freed_seats(timestamp: int) -> int:
    """Refresh every open list in its own transaction; return how many seats were offered.

    A list that is refused is left to the next hour and does not stop the others.
    """
    offered = 0
    for round in list_open_lists():
        try:
            offered += waiting_list_actions.offer_due(by=SYSTEM, round=round)
        except Refused as refusal:
            log.info("waiting list not refreshed", round=str(round.public_id), what=refusal.what)
    for round in list_overdue_lists():
        waiting_list_actions.lapse_offers(by=SYSTEM, round=round)
    return offered


@app.periodic(cron="1 * * * *")
@app.task(
    name="carry_out_withdrawals", queueing_lock="carry_out_withdrawals", lock="carry_out_withdrawals", retry=RETRY
)
def carry_out_withdrawals(timestamp: int) -> int:
    """Carry out every due withdrawal request; return how many students withdrew. (R6.05)"""
    return withdrawals.carry_out(by=SYSTEM)


@app.periodic(cron="3 * * * *")
@app.task(name="lapse_answers", queueing_lock="lapse_answers", lock="lapse_answers", retry=RETRY)
def lapse_answers(timestamp: int) -> int:
    """Apply each round's rule of silence to admissions not answered in time; returns how many changed. (R3.02)"""
    return sum(answers.lapse_due(by=SYSTEM, round=round) for round in list_rounds_to_lapse())


@app.periodic(cron="10 16 * * *")
@app.task(name="check_duplicates", queueing_lock="check_duplicates", lock="check_duplicates", retry=RETRY)
def check_duplicates(timestamp: int) -> int:
    """Open a case for each person who may be registered twice this year, before the records are made. (R5.04)"""
    # One check is about a whole intake year.
    return sum(duplicates.check(by=SYSTEM, season=seasons[0]) for seasons in _list_years() if seasons)


def _list_years() -> list[list[Season]]:
    """The seasons of last year and of this one: what became due in December is done in January, too."""
    year = clock.now().year
    return [running_seasons(year - 1), running_seasons(year)]


@app.periodic(cron="2 * * * *")
@app.task(name="carry_out_measures", queueing_lock="carry_out_measures", lock="carry_out_measures", retry=RETRY)
def carry_out_measures(timestamp: int) -> int:
    """Carry out measures against schools that have started. (R10.02)"""
    return sanctions.carry_out_due(by=SYSTEM)


@app.periodic(cron="4 * * * *")
@app.task(name="lapse_proposals", queueing_lock="lapse_proposals", lock="lapse_proposals", retry=RETRY)
def lapse_proposals(timestamp: int) -> int:
    """End the proposals for which no second person came in time; returns how many. (F-I6)"""
    return proposals.lapse_due(by=SYSTEM)


@app.periodic(cron="30 18 * * *")
@app.task(name="check_invariants", queueing_lock="check_invariants", lock="check_invariants", retry=RETRY)
def check_invariants_nightly(timestamp: int) -> None:
    """Check every invariant, and record the result for the operator's page.

    Raises:
        InvariantsBroken: with the numbers; the rows are in the log by id.
    """
    report = check_invariants()
    invariant_checks.record_check(by=SYSTEM, report=report)
    for one in report.broken:
        log.error("invariant broken", number=one.number, sentence=one.sentence, count=one.count, rows=one.rows)
    log.info("invariants", holding=len(report.holding), pending=report.pending)
    if report.broken:
        raise InvariantsBroken([one.number for one in report.broken])


@app.periodic(cron="* * * * *")
@app.task(name="retry_stalled", queueing_lock="retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> int:
    """Queue the jobs of killed workers again; every job may run twice without effect.

    When the same job already waits, the stalled one is closed: two jobs cannot wait under one queueing lock, and
    the stalled one's running lock would block the other.
    """
    jobs = context.app.job_manager
    stalled = list(await jobs.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER))
    for job in stalled:
        waits = job.queueing_lock and list(
            await jobs.list_jobs_async(status=Status.TODO.value, queueing_lock=job.queueing_lock)
        )
        if waits and job.id is not None:
            await jobs.finish_job_by_id_async(job.id, status=Status.FAILED, delete_job=False)
        else:
            await jobs.retry_job(job)
    return len(stalled)
