"""A message is sent once and never deleted."""

import pytest
from django.db import DatabaseError, connection, transaction

from tests.support.builders.enrolment import Enrolled
from tests.support.personas import SHELL, Personas
from yangguang.actions.messages import delivery
from yangguang.gateways.sms import FakeSms
from yangguang.models import Message

pytestmark = pytest.mark.django_db


def test_a_message_is_sent_once_and_a_second_run_sends_nothing(personas: Personas) -> None:
    person = Enrolled.lay(personas).person("某甲", phone="15400007001")
    Message.objects.create(person=person, event="test", subject="x", text="【阳光招生】演示消息")
    before = len(FakeSms().messages("15400007001"))

    assert delivery.send_due(by=SHELL) == delivery.Batch(1, 0, 0)
    assert delivery.send_due(by=SHELL) == delivery.Batch(0, 0, 0)
    sent = Message.objects.get(event="test")

    assert (sent.state, sent.tries, bool(sent.provider_id)) == ("SENT", 1, True)
    assert len(FakeSms().messages("15400007001")) == before + 1


@pytest.mark.parametrize("statement", ["DELETE FROM yangguang_message", "TRUNCATE yangguang_message"])
def test_a_message_cannot_be_deleted(personas: Personas, statement: str) -> None:
    person = Enrolled.lay(personas).person("某甲")
    Message.objects.create(person=person, event="test", subject="x", text="【阳光招生】演示消息")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="undeletable: yangguang_message"), transaction.atomic():
            cursor.execute(statement)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            cursor.execute("SET LOCAL ROLE yangguang_app")
            cursor.execute(statement)

    assert Message.objects.filter(event="test").count() == 1


def test_the_serving_role_may_update_the_delivery_of_a_message(personas: Personas) -> None:
    person = Enrolled.lay(personas).person("某甲")
    Message.objects.create(person=person, event="test", subject="x", text="【阳光招生】演示消息")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE yangguang_app")
        Message.objects.filter(event="test").update(state="SENT", tries=1)
        cursor.execute("RESET ROLE")

    assert Message.objects.get(event="test").state == "SENT"
