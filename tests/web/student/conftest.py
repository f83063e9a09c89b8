"""A family to whom the round offers a seat."""

from datetime import timedelta

import pytest

from tests.support.builders.web_season import Desk
from yangguang import clock
from yangguang.models import Admission, Person


@pytest.fixture
def offered(desk: Desk) -> Admission:
    """A seat of the second choice, offered a day ago, to be answered within three days."""
    person = Person.objects.get()
    now = clock.now()
    return Admission.objects.create(
        application=desk.application,
        person=person,
        school=desk.personas.school,
        round=desk.round,
        programme=desk.programmes[1],
        quota=desk.programmes[1].quotas.get(),
        rank=2,
        state="OFFERED",
        published_at=now - timedelta(days=1),
        answer_by=now + timedelta(days=3),
    )
