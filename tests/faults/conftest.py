"""Tests with real commits and real threads; every table is emptied afterwards."""

from collections.abc import Iterator

import pytest
from django.test import override_settings

from tests.support.builders.crowd import committed
from tests.support.personas import Personas, called

__all__ = ["committed"]


@pytest.fixture
def personas(committed: None) -> Iterator[Personas]:
    """The personas, committed, so that every thread and every process sees them."""
    with override_settings(DEMO=True):
        yield called()
