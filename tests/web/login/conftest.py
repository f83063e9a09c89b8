"""A browser that gets answers instead of exceptions."""

import pytest
from django.test import Client


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)
