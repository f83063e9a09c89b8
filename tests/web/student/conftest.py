"""A family in the browser, for every test of a page of the student desk."""

import pytest

from tests.support.builders.web_season import Desk
from tests.support.personas import Personas


@pytest.fixture
def desk(personas: Personas) -> Desk:
    """A family with a registered application, in the time for choices."""
    return Desk.lay(personas)
