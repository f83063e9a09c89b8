"""The setup is committed once; every random season is one transaction that is rolled back."""

from collections.abc import Iterator

import pytest
from django.test import override_settings

from tests.faults.conftest import personas
from tests.stateful.setup import Setup
from tests.support.builders.crowd import committed

__all__ = ["committed", "personas"]


@pytest.fixture
def setup(committed: None) -> Iterator[Setup]:
    with override_settings(DEMO=True):
        yield Setup.lay()
