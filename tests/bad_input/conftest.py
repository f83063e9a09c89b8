"""What every test of bad input has: the personas, an open registration, and the tables as they were before."""

from collections.abc import Callable

import pytest
from django.conf import settings

from tests.access.world import LOG, changed, contents
from tests.support.builders.family import Family
from tests.support.personas import Personas, personas
from yangguang.rules.seasons.windows import WindowKind

__all__ = ["personas"]


@pytest.fixture(autouse=True, scope="session")
def static_folder() -> None:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


@pytest.fixture
def family(personas: Personas) -> Family:
    personas.open(WindowKind.REGISTRATION)
    return Family(personas).signs_in()


@pytest.fixture
def untouched() -> Callable[[], set[str]]:
    """The tables that changed since the test began, besides the log and the family's own sealed session."""
    before: dict[str, tuple[int, int]] = {}

    def since() -> set[str]:
        if not before:
            before.update(contents(*LOG, "django_session"))
            return set()
        return changed(before, contents(*LOG, "django_session"))

    return since
