"""The personas and their season, for every test of a page."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from tests.support.builders.officers import at_desk
from tests.support.builders.public_season import PublicSeason
from tests.support.builders.web_season import Desk
from tests.support.personas import Personas as Personas
from tests.support.personas import personas
from yangguang import clock
from yangguang.models import Admission, Person

__all__ = ["personas"]


@pytest.fixture(autouse=True)
def static_root() -> None:
    """WhiteNoise requires the folder, empty or not."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Pages cached for guests do not outlive a test."""
    cache.clear()


@pytest.fixture
def public_season(personas: Personas) -> PublicSeason:
    """A season with one school whose plan is public."""
    return PublicSeason.lay(personas)


@pytest.fixture
def desk(personas: Personas) -> Desk:
    """A family with a registered application, in the time for choices."""
    return Desk.lay(personas)


@pytest.fixture
def school(public_season: PublicSeason) -> Client:
    """The browser of an officer of the school."""
    return at_desk(public_season.personas.teacher)


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
