"""The same message queued by many workers at the same second is one message. (T3.23, T1.03)"""

import pytest

from tests.support.builders.crowd import at_once
from tests.support.builders.ranked_round import Ranked
from tests.support.personas import Personas
from yangguang.actions.messages import enqueue
from yangguang.models import Message

WORKERS = 8
GUARD = " ON CONFLICT (person_id, event, subject) DO NOTHING"


def queue_together(personas: Personas) -> list[object]:
    """Each worker queues the same message; their answers."""
    person = Ranked.lay(personas).apply(None).person_id
    queues = [lambda: enqueue.enqueue_for_student(person, "choices.submit", "round:1", "您的志愿已提交")] * WORKERS
    return at_once(queues, WORKERS)


def test_many_workers_queue_one_message_of_a_subject(personas: Personas) -> None:
    answers = queue_together(personas)

    assert answers == [None] * WORKERS
    assert Message.objects.count() == 1


def test_without_the_conflict_clause_the_others_fail(personas: Personas, monkeypatch: pytest.MonkeyPatch) -> None:
    assert enqueue._INSERT.count(GUARD) == 1
    monkeypatch.setattr(enqueue, "_INSERT", enqueue._INSERT.replace(GUARD, ""))
    answers = queue_together(personas)

    assert sorted(type(answer).__name__ for answer in answers) == ["IntegrityError"] * (WORKERS - 1) + ["NoneType"]
