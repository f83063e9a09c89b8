"""A receipt is the family's own paper; and what may be read only with a reason is not given before. (T1.09, F-B5)"""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from tests.access.sites import SITES, Browser
from tests.access.world import LOG, World, changed, contents
from yangguang.models import AuditEntry
from yangguang.rules.accounts.rights import Right
from yangguang.rules.accounts.roles import BUREAUS, SCHOOLS, Role
from yangguang.rules.base.refusals import Denied
from yangguang.web.kit.guard import guard

pytestmark = pytest.mark.django_db
RECEIPT = next(site for site in SITES if site.route == "me/receipts/<uuid:version>/")
OFFICES = sorted({*SCHOOLS, *BUREAUS, Role.JUNIOR_SCHOOL, Role.AUDITOR, Role.OPERATOR})


@pytest.mark.parametrize("role", OFFICES)
def test_no_office_opens_a_receipt_and_the_try_is_kept(world: World, role: Role) -> None:
    browser, denied = Browser(world, role), AuditEntry.objects.filter(action="route.denied", role=role)
    before, log = contents(*LOG), denied.count()
    for far in (False, True):
        assert browser.ask("get", RECEIPT.url(world, role, far=far)).status_code == 403

    assert changed(before, contents(*LOG)) == set()
    assert denied.filter(outcome="DENIED").count() == log + 2


def test_a_family_opens_its_own_and_no_other(world: World) -> None:
    browser = Browser(world, Role.STUDENT)
    own = browser.ask("get", RECEIPT.url(world, Role.STUDENT))

    assert own.status_code == 200
    assert "志愿回执" in own.content.decode()
    assert browser.ask("get", RECEIPT.url(world, Role.STUDENT, far=True)).status_code == 404


@pytest.mark.parametrize("role", OFFICES)
def test_what_an_office_may_read_only_with_a_reason_is_refused_by_every_page(world: World, role: Role) -> None:
    request = RequestFactory().get("/")
    request.actor = world.actor(role)  # type: ignore[attr-defined]

    with pytest.raises(Denied):
        guard(Right.SPECIAL_NEEDS_READ)(lambda _: HttpResponse("特殊教育需要"))(request)


def test_a_family_gives_no_reason_for_its_own(world: World) -> None:
    request = RequestFactory().get("/")
    request.actor = world.actor(Role.STUDENT)  # type: ignore[attr-defined]

    answer = guard(Right.SPECIAL_NEEDS_READ)(lambda _: HttpResponse("自己的"))(request)

    assert answer.content.decode() == "自己的"
