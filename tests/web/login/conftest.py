"""A browser that gets answers instead of exceptions."""

import pytest
from django.test import Client

from tests.support.clients import open_browser


@pytest.fixture
def browser() -> Client:
    return open_browser()
