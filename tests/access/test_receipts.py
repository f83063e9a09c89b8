"""A receipt is the family's own paper; and what may be read only with a reason is not shown before. (T1.09, F-B5)"""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from tests.access.sites import SITES, Browser
from tests.access.world import LOG, World, changed, contents
from yangguang.models import AuditEntry
from yangguang.rules.accounts.rights import Right
from yangguang.rules.accounts.roles import BUREAUS, SCHOOLS, Role, cell
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
def test_a_page_whose_right_wants_a_reason_is_shown_only_after_it_asks(world: World, role: Role) -> None:
    secret = HttpResponse("特殊教育需要")
    request = RequestFactory().get("/")
    request.actor = world.actor(role)  # type: ignore[attr-defined]
    shows = guard(Right.SPECIAL_NEEDS_READ)(lambda _: secret)
    asks = guard(Right.SPECIAL_NEEDS_READ, asks_reason=True)(lambda _: HttpResponse("请先说明理由"))
    with pytest.raises(Denied):
        shows(request)
    if cell(role, Right.SPECIAL_NEEDS_READ):
        assert asks(request).content.decode() == "请先说明理由"


def test_a_family_gives_no_reason_for_its_own(world: World) -> None:
    request = RequestFactory().get("/")
    request.actor = world.actor(Role.STUDENT)  # type: ignore[attr-defined]

    assert guard(Right.SPECIAL_NEEDS_READ)(lambda _: HttpResponse("自己的"))(request).status_code == 200


@pytest.mark.parametrize("role", OFFICES)
def test_no_get_shows_anything_where_a_reason_must_be_given_first(world: World, role: Role) -> None:
    wanting = [site for site in SITES if (grant := cell(role, site.right)) and grant.with_reason]
    for site in wanting:
        page = Browser(world, role).ask("get", site.url(world, role)).content.decode()
        assert 'name="reason"' in page, site.route
