"""Who reaches the auditor's desk, and what its front page shows."""

import pytest
from django.test import Client

from tests.support.builders.officers import at_desk, page_of
from tests.support.personas import Personas, officer
from yangguang.rules.accounts.roles import Role

PAGES = ("/audit/", "/audit/log/", "/audit/proofs/", "/audit/invariants/")


@pytest.mark.parametrize("url", PAGES)
def test_only_auditors_reach_the_desk(personas: Personas, auditor: Client, url: str) -> None:
    clients = (auditor, at_desk(personas.pe1), at_desk(personas.teacher), Client())

    statuses = [client.get(url).status_code for client in clients]

    assert statuses == [200, 403, 403, 302]


def test_an_operator_sees_the_state_but_not_the_log(personas: Personas) -> None:
    operator = at_desk(officer("operator", Role.OPERATOR, personas.province, ""))

    assert "256 条链合计" in page_of(operator, "/audit/")
    assert operator.get("/audit/log/").status_code == 403
