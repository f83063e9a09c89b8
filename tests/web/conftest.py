"""The cast is on stage in every test of a page."""

import pytest
from django.conf import settings

from tests.cast import cast

__all__ = ["cast"]


@pytest.fixture(autouse=True, scope="session")
def static_folder() -> None:
    """The folder of collected files, which a server has and a test run does not."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
