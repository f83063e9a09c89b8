"""The personas and their season, for every test of a page."""

import pytest

from tests.support.builders.public_season import Stage
from tests.support.personas import Personas as Personas
from tests.support.personas import personas

__all__ = ["personas"]


@pytest.fixture
def site(personas: Personas) -> Stage:
    """A season with one school whose plan is public."""
    return Stage.lay(personas)
