"""An auditor who is signed in."""

import pytest
from django.test import Client

from tests.support.builders.officers import at_desk
from tests.support.personas import Personas, officer
from yangguang.rules.accounts.roles import Role


@pytest.fixture
def auditor(personas: Personas) -> Client:
    return at_desk(officer("auditor", Role.AUDITOR, personas.province, ""))
