"""What runs by itself does its one action, again without harm, and rescues what a killed worker left."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.testing import InMemoryConnector

from tests.support.builders.enrolment import Enrolled
from tests.support.personas import Personas
from yangguang.actions.messages import delivery
from yangguang.gateways import sms
from yangguang.gateways.sms import FakeSms, NotSent, Sent
from yangguang.jobs import tasks
from yangguang.models import AuditEntry, AuditRoot, Message, StudentRecord

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
        "make_due_records": "20 16 * * *",
        "offer_freed_seats": "0 * * * *",
        "carry_out_withdrawals": "1 * * * *",
        "carry_out_measures": "2 * * * *",
        "check_invariants": "30 18 * * *",
        "retry_stalled": "* * * * *",
    }


def test_a_record_makes_itself_the_night_after_check_in_and_only_once(personas: Personas) -> None:
    Enrolled.lay(personas).admit(state="CHECKED_IN")

    assert tasks.make_due_records(0) == 1
    assert StudentRecord.objects.count() == 1
    assert tasks.make_due_records(0) == 0


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
    assert tasks.publish_daily_root(0) == tasks.publish_daily_root(0)
    assert AuditRoot.objects.count() == 1


def test_a_broken_invariant_fails_the_nightly_job(personas: Personas) -> None:
    tasks.check_invariants_nightly(0)
    personas.school.source = "15400001234"
    personas.school.save()
    with pytest.raises(tasks.InvariantsBroken, match="25"):
        tasks.check_invariants_nightly(0)


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
