"""Routes, browser and templates of the tests of web/kit."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.conf import settings as configured
from django.test import Client, override_settings


@pytest.fixture
def kit_routes() -> Iterator[None]:
    with override_settings(ROOT_URLCONF="tests.web.kit.routes"):
        yield


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def templates_alone() -> Iterator[None]:
    """The engine as configured, without the context processors that read the database."""
    engine = deepcopy(configured.TEMPLATES)
    engine[0]["OPTIONS"]["context_processors"] = ["django.template.context_processors.request"]
    with override_settings(TEMPLATES=engine):
        yield
