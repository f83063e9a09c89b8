"""What every public page needs."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache


@pytest.fixture(autouse=True)
def static_root() -> None:
    """WhiteNoise requires the folder, empty or not."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Pages cached for guests do not outlive a test."""
    cache.clear()
