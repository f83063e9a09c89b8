"""The personas and their season, for every test of a page."""

import pytest

from tests.support.builders.public_season import PublicSeason
from tests.support.personas import Personas as Personas
from tests.support.personas import personas

__all__ = ["personas"]


@pytest.fixture
def site(personas: Personas) -> PublicSeason:
    """A season with one school whose plan is public."""
    return PublicSeason.lay(personas)
