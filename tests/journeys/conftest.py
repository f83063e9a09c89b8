"""Journeys commit their rows, because the server's own connections must see them."""

import pytest

from tests.support.builders.crowd import committed

__all__ = ["committed"]


@pytest.fixture
def transactional_db(committed: None) -> None:
    """In place of pytest-django's, which would flush history tables that refuse it.

    Under this name pytest-django knows that a test database is wanted, also when only journeys are run.
    """
