"""The personas and their season, for every test of a page."""

import pytest

from tests.support.builders.public_season import Stage
from tests.support.personas import Cast as Personas
from tests.support.personas import cast

__all__ = ["cast"]


@pytest.fixture
def site(cast: Personas) -> Stage:
    """A season with one school whose plan is public."""
    return Stage.lay(cast)
