"""What runs by itself does its one action, again without harm, and rescues what a killed worker left."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job
from procrastinate.periodic import PeriodicDeferrer
from procrastinate.testing import InMemoryConnector

from tests.support.builders.enrolment import Enrolled
from tests.support.builders.log_changes import change_log
from tests.support.personas import Personas
from yangguang import clock
from yangguang.actions.audit import audit_roots
from yangguang.actions.messages import delivery
from yangguang.gateways import sms
from yangguang.gateways.sms import FakeSms, NotSent, Sent
from yangguang.jobs import tasks
from yangguang.models import AuditEntry, AuditRoot, Message, Season, StudentRecord
from yangguang.rules.seasons.windows import SHANGHAI

pytestmark = pytest.mark.django_db


def waiting(personas: Personas, count: int) -> None:
    person = Enrolled.lay(personas).person("某甲", phone="15400007700")
    for number in range(count):
        Message.objects.create(person=person, event="test", subject=str(number), text="【阳光招生】演示消息")


def test_all_jobs_are_known_by_name_and_time() -> None:
    app.perform_import_paths()
    periodic = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}

    assert periodic == {
        "send_messages": "* * * * *",
        "carry_on_runs": "* * * * *",
        "publish_daily_root": "5 16 * * *",
        "make_bundles": "* * * * *",
        "check_duplicates": "10 16 * * *",
        "make_due_records": "20 16 * * *",
        "offer_freed_seats": "0 * * * *",
        "carry_out_withdrawals": "1 * * * *",
        "carry_out_measures": "2 * * * *",
        "lapse_proposals": "4 * * * *",
        "lapse_answers": "3 * * * *",
        "check_invariants": "30 18 * * *",
        "retry_stalled": "* * * * *",
    }


def test_a_record_makes_itself_the_night_after_check_in_and_only_once(personas: Personas) -> None:
    Enrolled.lay(personas).admit(state="CHECKED_IN")

    assert tasks.make_due_records(0) == 1
    assert StudentRecord.objects.count() == 1
    assert tasks.make_due_records(0) == 0


def test_a_record_that_became_due_in_december_makes_itself_in_january(personas: Personas) -> None:
    enrolled = Enrolled.lay(personas)
    enrolled.admit(state="CHECKED_IN")
    Season.objects.update(year=clock.now().year - 1)

    assert tasks.make_due_records(0) == 1
    assert tasks.check_duplicates(0) == 0


@pytest.mark.parametrize(("silence", "state"), [("decline", "LAPSED"), ("accept", "ACCEPTED"), ("hold", "OFFERED")])
def test_silence_is_applied_by_the_job_and_only_once(personas: Personas, silence: str, state: str) -> None:
    enrolled = Enrolled.lay(personas)
    late, in_time = enrolled.admit(state="OFFERED"), enrolled.admit(state="OFFERED")
    type(late.round).objects.update(silence=silence)
    now = clock.now()
    for admission, answer_by in ((late, now), (in_time, now + timedelta(hours=1))):
        type(admission).objects.filter(pk=admission.pk).update(answer_by=answer_by)

    assert [tasks.lapse_answers(0), tasks.lapse_answers(0)] == [int(silence != "hold"), 0]
    late.refresh_from_db()
    in_time.refresh_from_db()
    assert (late.state, in_time.state) == (state, "OFFERED")


def test_messages_go_out_batch_by_batch_until_none_waits(personas: Personas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "BATCH", 2)
    waiting(personas, 5)

    assert tasks.send_messages(0) == 5
    assert set(Message.objects.values_list("state", "tries")) == {("SENT", 1)}
    assert AuditEntry.objects.filter(action="message.send_due", account=None).count() == 3
    assert tasks.send_messages(0) == 0


class Dumb:
    """A provider that does not answer."""

    def send(self, phone: str, text: str, ref: str) -> Sent:
        raise NotSent("没有应答", again=True)


class Picky:
    """A provider that refuses the number for good."""

    def send(self, phone: str, text: str, ref: str) -> Sent:
        raise NotSent("空号", again=False)


@pytest.mark.parametrize(("port", "states"), [(Dumb, ["QUEUED"] * 4 + ["FAILED"]), (Picky, ["FAILED"])])
def test_a_message_is_tried_five_times_unless_the_number_is_refused(
    personas: Personas, monkeypatch: pytest.MonkeyPatch, port: type, states: list[str]
) -> None:
    monkeypatch.setattr(sms, "FakeSms", port)
    waiting(personas, 1)
    seen = []
    for _ in states:
        delivery.send_due(by=tasks.SYSTEM)
        seen.append(Message.objects.get().state)

    assert seen == states
    assert delivery.send_due(by=tasks.SYSTEM) == delivery.Batch(0, 0, 0)


def test_a_run_killed_before_it_could_say_so_sends_nothing_twice(personas: Personas) -> None:
    waiting(personas, 1)
    delivery.send_due(by=tasks.SYSTEM)
    first = Message.objects.get().provider_id
    Message.objects.update(state="QUEUED", tries=0, provider_id="")
    delivery.send_due(by=tasks.SYSTEM)

    assert Message.objects.get().provider_id == first

    reference = f"message-{Message.objects.get().pk}"

    assert [m.ref for m in FakeSms().messages("15400007700")].count(reference) == 1


def test_the_root_of_the_day_that_ended_is_published_once(personas: Personas) -> None:
    move_log_back(1)

    assert [tasks.publish_daily_root(0), tasks.publish_daily_root(0)] == [1, 0]
    assert AuditRoot.objects.count() == 1


def move_log_back(days: int) -> None:
    """Let the log have begun so many days ago; its links no longer fit, which these tests do not look at."""
    change_log(f"UPDATE yangguang_auditentry SET at = at - interval '{days} days'")


def test_every_day_without_a_worker_gets_its_root_when_one_runs_again(personas: Personas) -> None:
    move_log_back(4)
    today = clock.now().astimezone(SHANGHAI).date()
    audit_roots.publish_root(by=tasks.SYSTEM, day=today - timedelta(days=3))

    assert tasks.publish_daily_root(0) == 3
    assert list(AuditRoot.objects.order_by("day").values_list("day", flat=True)) == [
        today - timedelta(days=days) for days in (4, 3, 2, 1)
    ]
    entries = list(AuditRoot.objects.order_by("day").values_list("entries", flat=True))
    assert entries == [entries[0]] * 4, "what was written today is in none of them"


def test_a_daily_job_that_missed_its_hour_is_queued_by_the_next_worker() -> None:
    """As the library does it: `get_timestamps` gives what a worker that starts now has to queue."""
    defer = PeriodicDeferrer(app.periodic_registry, **app.periodic_defaults)
    task = next(one for one in app.periodic_registry.periodic_tasks.values() if one.task.name == "publish_daily_root")
    due = datetime(2024, 11, 7, 16, 5, tzinfo=UTC).timestamp()

    late = [list(defer.get_timestamps(task, None, due + hours * 3600)) for hours in (1, 8, 23)]

    assert late == [[due]] * 3


def test_only_jobs_of_every_minute_are_not_tried_again_when_the_database_does_not_answer() -> None:
    """Those have the next minute; a retry would meet the job of that minute in the queue."""
    periodic = app.periodic_registry.periodic_tasks.values()

    assert {one.task.name for one in periodic if one.task.retry_strategy is None} == {
        one.task.name for one in periodic if one.cron == "* * * * *"
    }


def test_a_fault_of_the_database_is_tried_again_and_any_other_is_not() -> None:
    job = Job(id=1, status="doing", queue="default", lock=None, queueing_lock=None, task_name="x", attempts=0)

    decisions = [tasks.RETRY.get_retry_decision(exception=one, job=job) for one in (OperationalError(), ValueError())]

    assert [one is not None for one in decisions] == [True, False]


def test_a_broken_invariant_fails_the_nightly_job_and_stands_in_the_log(personas: Personas) -> None:
    tasks.check_invariants_nightly(0)
    personas.school.source = "15400001234"
    personas.school.save()
    with pytest.raises(tasks.InvariantsBroken, match="25"):
        tasks.check_invariants_nightly(0)

    facts = AuditEntry.objects.filter(action="invariant.check").order_by("id").values_list("facts", flat=True)
    assert [one["broken"] for one in facts] == [[], [25]]


@pytest.fixture
def queue() -> Iterator[InMemoryConnector]:
    """The library's own queue in memory; the tests' transaction is out of reach of its connections."""
    connector = InMemoryConnector()
    with app.replace_connector(connector):
        yield connector


def rescue(queue: InMemoryConnector, *, alive: bool) -> int:
    """A worker took every waiting job and now lives, or was killed two minutes ago."""
    queue.workers = {1: datetime.now(UTC) - (timedelta() if alive else timedelta(minutes=2))}
    for job in queue.jobs.values():
        if job["status"] == "doing":
            job["worker_id"] = 1
    with app.replace_connector(queue) as again:
        context = type("Context", (), {"app": again})()
        count: int = asyncio.run(tasks.retry_stalled.func(context, 0))
    return count


def taken(queue: InMemoryConnector, lock: str | None = None) -> dict[str, Any]:
    tasks.send_messages.configure(queueing_lock=lock).defer(timestamp=0)
    job: dict[str, Any] = queue.jobs[max(queue.jobs)]
    job["status"] = "doing"
    return job


def test_the_job_of_a_killed_worker_is_queued_again(queue: InMemoryConnector) -> None:
    job = taken(queue, "send_messages")

    assert (rescue(queue, alive=False), job["status"], job["attempts"]) == (1, "todo", 1)


def test_the_job_of_a_living_worker_is_left_alone(queue: InMemoryConnector) -> None:
    job = taken(queue, "send_messages")

    assert (rescue(queue, alive=True), job["status"]) == (0, "doing")


def test_a_dead_job_makes_way_for_the_one_that_waits(queue: InMemoryConnector) -> None:
    dead = taken(queue, "send_messages")
    tasks.send_messages.defer(timestamp=1)

    assert rescue(queue, alive=False) == 1
    assert (dead["status"], queue.jobs[max(queue.jobs)]["status"]) == ("failed", "todo")


def test_a_job_is_queued_once_while_it_waits(queue: InMemoryConnector) -> None:
    tasks.send_messages.defer(timestamp=0)
    with pytest.raises(AlreadyEnqueued):
        tasks.send_messages.defer(timestamp=1)
