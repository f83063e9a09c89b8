"""The world of the access tests is laid once a file; each test's changes are rolled back."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings

from tests.access.world import World, lay, open_windows


@pytest.fixture(scope="module")
def laid(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    with django_db_blocker.unblock(), override_settings(DEMO=True), transaction.atomic():
        yield lay()
        transaction.set_rollback(True)


@pytest.fixture
def closed(laid: World, db: None) -> World:
    """The world while no window is open."""
    cache.clear()
    return laid


@pytest.fixture
def world(closed: World) -> World:
    """The world while every window is open."""
    open_windows(closed)
    return closed
