"""The stage is laid once, in real commits; every play on it is one transaction that is rolled back."""

from collections.abc import Iterator

import pytest
from django.test import override_settings

from tests.faults.conftest import troupe
from tests.stateful.setup import Stage
from tests.support.builders.crowd import committed

__all__ = ["committed", "troupe"]


@pytest.fixture
def stage(committed: None) -> Iterator[Stage]:
    with override_settings(DEMO=True):
        yield Stage.lay()
