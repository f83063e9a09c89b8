"""One root a day over the 256 chain ends."""

from datetime import timedelta

import pytest

from tests.support.personas import SHELL, Personas
from yangguang import clock
from yangguang.actions.audit import audit_roots
from yangguang.models import AuditRoot
from yangguang.rules.audit.merkle import root_of_ends
from yangguang.rules.base.refusals import Denied, Refused
from yangguang.rules.seasons.windows import SHANGHAI

pytestmark = pytest.mark.django_db


def publish(days: int = 0) -> AuditRoot:
    day = clock.now().astimezone(SHANGHAI).date() + timedelta(days=days)
    return audit_roots.publish_root(by=SHELL, day=day)


def test_the_root_is_that_of_the_stored_chain_ends(personas: Personas) -> None:
    root = publish()

    assert len(root.heads) == 256
    assert root.entries == sum(length for length, _ in root.heads) > 0
    assert root.root == root_of_ends(root.ends).hex()


def test_publishing_again_returns_the_same_root(personas: Personas) -> None:
    assert publish() == publish()
    assert AuditRoot.objects.count() == 1
    with pytest.raises(Refused, match="将来"):
        publish(days=1)


def test_only_the_system_publishes(personas: Personas) -> None:
    with pytest.raises(Denied):
        audit_roots.publish_root(by=personas.pe1.actor, day=clock.now().astimezone(SHANGHAI).date())
