"""Tests with real commits and real threads; every table is emptied afterwards."""

from collections.abc import Iterator
from threading import Barrier

import pytest
from django.db.models import Model
from django.test import override_settings

from tests.support.builders.crowd import committed
from tests.support.personas import Personas, called
from yangguang.actions.base.action import ActionSpec

__all__ = ["committed"]


@pytest.fixture
def personas(committed: None) -> Iterator[Personas]:
    """The personas, committed, so that every thread and every process sees them."""
    with override_settings(DEMO=True):
        yield called()


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The subject of an act is read and not locked, and both have read it before one of them goes on."""
    both = Barrier(2)

    def read_together(spec: ActionSpec, by: object, row: Model, seen: object) -> Model:
        read = type(row)._base_manager.get(pk=row.pk)
        both.wait(timeout=30)
        return read

    monkeypatch.setattr(ActionSpec, "lock_subject", read_together)
