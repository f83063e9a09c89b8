"""The site on a local port over committed rows, and the personas that lives there: what every journey starts from."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.cache import cache
from django.test.testcases import LiveServerThread

from tests.support.builders.crowd import committed
from tests.support.personas import Personas, called

__all__ = ["committed", "served_personas", "site"]


@pytest.fixture
def site(transactional_db: None) -> Iterator[str]:
    """Address of the running site, as in the demonstration.

    pytest-django's own server would flush the tables afterwards, which history tables refuse; `committed` wipes them.
    """
    cache.clear()
    Path(configured.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    server = LiveServerThread("localhost", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://localhost:{server.port}"
    server.terminate()


@pytest.fixture
def served_personas(site: str) -> Personas:
    """The personas of `tests.support.personas`, committed, so that the server's own connections see it."""
    return called()
