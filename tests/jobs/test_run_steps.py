"""A run in its job: begun at its hour, taken up where it stopped, cancelled inside, published at its hour."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, OperationalError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.actions.runs.test_runs import ranked
from tests.support.builders.ranked_round import Ranked
from tests.support.personas import officer
from yangguang import clock
from yangguang.actions.runs import phases, runs, system_steps
from yangguang.jobs import run_steps, tasks
from yangguang.jobs.run_steps import carry_out
from yangguang.models import AdmissionRun, AuditEntry, Message, Quota, RunProgress
from yangguang.queries.runs.progress import get_run_status, list_due_runs
from yangguang.rules.accounts.roles import Role
from yangguang.rules.base.refusals import IllegalMove, Refused
from yangguang.rules.seasons.windows import WindowKind

__all__ = ["ranked"]
pytestmark = pytest.mark.django_db


def started(ranked: Ranked) -> AdmissionRun:
    return ranked.personas.pe1.sign(runs.start, round=ranked.round)  # type: ignore[no-any-return]


def log_of(run: AdmissionRun) -> list[tuple[str, str]]:
    rows = AuditEntry.objects.filter(subject=f"admissionrun:{run.public_id}").order_by("at", "id")
    return [(entry.action, entry.role) for entry in rows]


def hour(run: AdmissionRun, **instants: datetime) -> None:
    """Its instant has come."""
    AdmissionRun.objects.filter(pk=run.pk).update(**instants)


def past() -> datetime:
    return clock.now() - timedelta(seconds=1)


def soon(days: float = 1) -> datetime:
    return clock.now() + timedelta(days=days)


# Start


def test_starting_lays_the_run_and_its_job_at_once_and_computes_nothing(ranked: Ranked) -> None:
    run = started(ranked)

    assert (run.state, run.input_hash, run.placements.count()) == ("DRAFTED", "", 0)

    job = ProcrastinateJob.objects.get(task_name="carry_out_run")

    assert (job.args, job.status, job.lock) == ({"run": run.pk}, "todo", f"run-{run.pk}")
    status = get_run_status(run)

    assert status is not None
    assert (status.tries, status.persons, status.programmes, status.share) == (0, 5, 2, 0)


def test_a_start_that_is_refused_leaves_no_job(ranked: Ranked) -> None:
    ranked.window(WindowKind.CHOICES, -1, 1)
    with pytest.raises(Refused):
        started(ranked)

    assert not ProcrastinateJob.objects.filter(task_name="carry_out_run").exists()


def test_one_entry_for_the_start_and_one_for_the_end(ranked: Ranked) -> None:
    run = carry_out(started(ranked).pk)

    assert run.state == "CHECKED"
    assert log_of(run) == [("run.start", "PE"), ("run.finish", "OP")]

    end = AuditEntry.objects.get(action="run.finish")

    assert (end.facts["output"], end.facts["placed"]) == (run.output_hash, 3)

    progress = RunProgress.objects.get(run=run)

    assert progress.ended_at is not None
    assert (progress.phase, progress.tries) == ("check", 1)


def test_the_job_does_the_same_and_once_more_does_nothing(ranked: Ranked) -> None:
    run = started(ranked)

    assert (tasks.carry_out_run(run.pk), tasks.carry_out_run(run.pk)) == ("CHECKED", "CHECKED")
    assert AuditEntry.objects.filter(action="run.finish").count() == 1


@pytest.mark.parametrize("broken", ["freeze", "compute", "check"])
def test_a_run_whose_database_went_away_goes_on_from_the_last_whole_step(
    ranked: Ranked, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    undisturbed = ranked.run()
    run = started(ranked)
    phase = getattr(phases, broken)

    def breaks(*args: object, **kwargs: object) -> None:
        phase(*args, **kwargs)
        raise OperationalError("the server closed the connection")

    with monkeypatch.context() as patched, pytest.raises(OperationalError):
        patched.setattr(phases, broken, breaks)
        carry_out(run.pk)

    assert AdmissionRun.objects.get(pk=run.pk).state in ("DRAFTED", "COMPUTED")
    assert list_due_runs() == []  # its first job still waits
    ProcrastinateJob.objects.all()._raw_delete("default")

    assert list_due_runs() == [run.pk]
    assert tasks.carry_on_runs(0) == 1
    assert list_due_runs() == []
    done = carry_out(run.pk)

    assert (done.state, done.input_hash, done.output_hash) == (
        "CHECKED",
        undisturbed.input_hash,
        undisturbed.output_hash,
    )
    assert RunProgress.objects.get(run=run).tries == 2


def test_a_program_error_ends_the_run_with_a_sentence_and_frees_the_round(
    ranked: Ranked, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = started(ranked)
    with monkeypatch.context() as patched:
        patched.setattr(phases, "check", lambda *_, **__: {}["nothing"])
        failed = carry_out(run.pk)

    assert failed.state == "FAILED"
    assert failed.report["failed"] == "程序出错（KeyError），已记入日志，请联系运维"
    assert log_of(failed)[-1] == ("run.fail", "OP")
    assert ranked.run().state == "CHECKED"


def test_a_run_that_kills_every_worker_is_given_up(ranked: Ranked) -> None:
    run = started(ranked)
    RunProgress.objects.filter(run=run).update(tries=run_steps.MAX_TRIES)

    assert carry_out(run.pk).report["failed"].startswith("后台任务中断了50次")


def test_what_changed_between_the_key_and_the_job_ends_the_run(ranked: Ranked) -> None:
    run = started(ranked)
    ranked.window(WindowKind.CHOICES, -10, 1)
    failed = carry_out(run.pk)

    assert failed.state == "FAILED"
    assert failed.report["failed"].startswith("志愿填报还没有截止（")


# Cancel


def test_a_waiting_run_is_cancelled_and_its_job_does_nothing(ranked: Ranked) -> None:
    run = started(ranked)
    ranked.personas.pe2.sign(runs.cancel, run=run)

    assert carry_out(run.pk).state == "CANCELLED"
    assert [name for name, _ in log_of(run)] == ["run.start", "run.cancel"]
    assert started(ranked).number == 2


@pytest.mark.parametrize("phase", ["freeze", "compute", "check"])
def test_a_run_is_cancelled_inside_a_phase_and_nothing_of_the_phase_stays(
    ranked: Ranked, monkeypatch: pytest.MonkeyPatch, phase: str
) -> None:
    run = started(ranked)
    real = getattr(phases, phase)

    def cancelled_meanwhile(of: AdmissionRun, *args: object, **kwargs: object) -> None:
        """What another connection commits while the phase works."""
        AdmissionRun.objects.filter(pk=of.pk).update(state="CANCELLED")
        real(of, *args, **kwargs)

    monkeypatch.setattr(phases, phase, cancelled_meanwhile)
    before = {"freeze": "DRAFTED", "compute": "DRAFTED", "check": "COMPUTED"}[phase]
    ended = carry_out(run.pk)

    # In a test the cancelling is part of the phase's own transaction, and is rolled back with it.
    assert ended.state == before
    assert ended.output_hash == ("" if before == "DRAFTED" else ended.output_hash)
    assert ended.report.get("failed") is None
    assert not AuditEntry.objects.filter(action="run.finish").exists()


def test_a_checked_run_is_not_cancelled(ranked: Ranked) -> None:
    with pytest.raises(IllegalMove, match="不能取消运算"):
        ranked.personas.pe1.sign(runs.cancel, run=ranked.run())


# Schedule


def test_a_run_is_scheduled_only_after_choices_and_review_are_over(ranked: Ranked) -> None:
    choices = ranked.window(WindowKind.CHOICES, -1, 1)
    review = ranked.window(WindowKind.REVIEW, 1, 2)
    for early in (choices.closes_at, review.closes_at - timedelta(minutes=1), clock.now()):
        with pytest.raises(Refused, match="预约的时间太早"):
            ranked.personas.pe1.sign(runs.schedule, round=ranked.round, at=early)
    run = ranked.personas.pe1.sign(runs.schedule, round=ranked.round, at=review.closes_at)

    assert (run.state, run.starts_at) == ("SCHEDULED", review.closes_at)

    ranked.window(WindowKind.CHOICES, -1, None)
    with pytest.raises(Refused, match="本批次已经预约在"):
        ranked.personas.pe1.sign(runs.schedule, round=ranked.round, at=soon(3))
    ranked.personas.pe1.sign(runs.cancel, run=run)
    with pytest.raises(Refused, match="截止时间待定"):
        ranked.personas.pe1.sign(runs.schedule, round=ranked.round, at=soon(3))


def test_a_scheduled_run_waits_for_its_instant_and_then_runs_by_itself(ranked: Ranked) -> None:
    run = ranked.personas.pe1.sign(runs.schedule, round=ranked.round, at=soon())
    job = ProcrastinateJob.objects.get(task_name="carry_out_run")

    # A lock would keep every later job of the run from starting before this one.
    assert abs(job.scheduled_at - run.starts_at) < timedelta(minutes=1)
    assert job.lock is None
    assert (carry_out(run.pk).state, list_due_runs()) == ("SCHEDULED", [])
    with pytest.raises(Refused, match="时间还没有到"):
        system_steps.begin(by=tasks.SYSTEM, run=run)
    with pytest.raises(Refused, match="本批次已经预约在"):
        started(ranked)
    hour(run, starts_at=past())

    assert list_due_runs() == [run.pk]
    done = carry_out(run.pk)

    assert (done.state, done.output_hash) == ("CHECKED", ranked.run().output_hash)
    assert log_of(run) == [("run.schedule", "PE"), ("run.begin", "OP"), ("run.finish", "OP")]


def test_a_scheduled_run_whose_condition_does_not_hold_fails_with_the_sentence(ranked: Ranked) -> None:
    run = ranked.personas.pe1.sign(runs.schedule, round=ranked.round, at=soon())
    ranked.window(WindowKind.REVIEW, -1, 1)
    hour(run, starts_at=past())
    failed = carry_out(run.pk)

    assert failed.state == "FAILED"
    assert failed.report["failed"].startswith("志愿复核期还没有结束（")


def test_a_scheduled_run_waits_for_a_trial_under_way(ranked: Ranked) -> None:
    run = ranked.personas.pe1.sign(runs.schedule, round=ranked.round, at=soon())
    trial = ranked.personas.pe1.act(runs.what_if, round=ranked.round)
    hour(run, starts_at=past())

    assert carry_out(run.pk).state == "SCHEDULED"
    assert (carry_out(trial.pk).state, carry_out(run.pk).state) == ("CHECKED", "CHECKED")


# Publish at an instant


def test_two_people_decide_and_the_instant_publishes_exactly_once(ranked: Ranked) -> None:
    run = ranked.approved()
    with pytest.raises(Refused, match="须由另一个人执行公布"):
        ranked.personas.pe2.sign(runs.time, run=run, at=soon())
    timed = ranked.personas.pe1.sign(runs.time, run=run, at=soon())

    assert (timed.state, carry_out(run.pk).state, Message.objects.count()) == ("TIMED", "TIMED", 0)

    hour(run, publish_at=past())
    ProcrastinateJob.objects.all()._raw_delete("default")  # the jobs that were carried out in place

    assert list_due_runs() == [run.pk]
    done = carry_out(run.pk)

    assert (done.state, done.published_by_id) == ("PUBLISHED", ranked.personas.pe1.actor.account)

    messages = Message.objects.count()

    assert messages == 5
    assert carry_out(run.pk).state == "PUBLISHED"
    assert Message.objects.count() == messages
    assert AuditEntry.objects.filter(action="run.publish_due", role="OP").count() == 1


def test_nothing_is_timed_before_the_common_hour_or_into_the_past(ranked: Ranked) -> None:
    opens = ranked.window(WindowKind.PUBLICATION, 2, None).opens_at
    run = ranked.approved()
    for early in (past(), opens - timedelta(minutes=1)):
        with pytest.raises(Refused, match="定时公布的时间太早"):
            ranked.personas.pe1.sign(runs.time, run=run, at=early)

    assert ranked.personas.pe1.sign(runs.time, run=run, at=opens).state == "TIMED"


def test_either_of_the_two_calls_it_off_and_nobody_else(ranked: Ranked) -> None:
    run = ranked.approved()
    for one in (ranked.personas.pe1, ranked.personas.pe2):
        ranked.personas.pe1.sign(runs.time, run=run, at=soon())
        third = officer(f"pe-{one.username}", Role.PROVINCE_EDUCATION, ranked.personas.province)
        with pytest.raises(Refused, match="只能由决定它的两人之一撤销"):
            third.sign(runs.call_off, run=run)
        off = one.sign(runs.call_off, run=run)
        assert (off.state, off.publish_at, off.published_by_id) == ("APPROVED", None, None)

    assert carry_out(run.pk).state == "APPROVED"


def test_what_cannot_be_published_at_its_instant_says_so_and_is_approved_as_before(ranked: Ranked) -> None:
    run = ranked.approved()
    ranked.personas.pe1.sign(runs.time, run=run, at=soon())
    Quota.objects.filter(programme__code="A").update(seats=1)
    hour(run, publish_at=past())
    left = carry_out(run.pk)

    assert (left.state, left.published_by_id, Message.objects.count()) == ("APPROVED", None, 0)
    assert left.report["unpublished"].startswith("运算之后，计划行A的名额减少了")

    Quota.objects.filter(programme__code="A").update(seats=2)
    done = ranked.personas.pe1.sign(runs.publish, run=left)

    assert done.state == "PUBLISHED"
    assert "unpublished" not in done.report


def test_no_new_run_while_one_waits_to_be_published_and_none_timed_while_one_computes(ranked: Ranked) -> None:
    run = ranked.approved()
    ranked.personas.pe1.sign(runs.time, run=run, at=soon())
    with pytest.raises(Refused, match="上次运算的结果已定于"):
        started(ranked)
    ranked.personas.pe1.sign(runs.call_off, run=run)
    started(ranked)
    with pytest.raises(Refused, match="正在重新运算，不能定时公布"):
        ranked.personas.pe1.sign(runs.time, run=run, at=soon())
    with pytest.raises(Refused, match="正在重新运算，不能公布"):
        ranked.personas.pe1.sign(runs.publish, run=run)


def test_a_trial_is_never_timed_in_the_database_either(ranked: Ranked) -> None:
    trial = ranked.trial()
    with pytest.raises(IntegrityError), transaction.atomic():
        AdmissionRun.objects.filter(pk=trial.pk).update(state="TIMED", publish_at=soon(), published_by=1)
