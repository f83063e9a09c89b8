"""Every route × method × role: guests to the log-in, others 403, unknown 404, no 500, and no GET writes. (T1.05)"""

import re
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse

from tests.access.sites import SITES, Browser, Site
from tests.access.world import LOG, World, changed, contents, undone
from yangguang.models import AuditEntry
from yangguang.rules.accounts.roles import BUREAUS, SCHOOLS, Role, cell

pytestmark = pytest.mark.django_db
# A guardian signs in as a student does; what the role itself may do is tried in test_actions.
SIGN_IN = [role for role in Role if role is not Role.GUARDIAN]
DESKS = {"me/": {Role.STUDENT}, "school/": set(SCHOOLS), "desk/": set(BUREAUS), "audit/": {Role.AUDITOR, Role.OPERATOR}}
PERSONAL = ("me/", "school/", "desk/", "audit/", "result/", "login/", "demo/")
PUBLIC_LOG = "audit/roots/"
GOOD = {200, 302, 405}
NO_OTHER_CORNER = {Role.JUNIOR_SCHOOL, Role.PROVINCE_EDUCATION, Role.PROVINCE_LABOUR, Role.AUDITOR, Role.OPERATOR}
"""Roles that reach the whole province, or have no page of one row."""
# Looking at persons behind a number: the look itself is kept in the log, and nothing else changes.
LOGGED = {"desk/runs/<uuid:run>/programmes/<uuid:programme>/", "desk/runs/<uuid:run>/difference/"}
# What a bare address asks for first: programmes to compare, a form and a month, the root of a day, a row of a file.
ASKS_MORE = {
    "replay/<uuid:run>.proof.json",
    "plans/compare/",
    "desk/reports/compute/",
    "desk/reports/hand-over/",
    "me/receipts/<uuid:version>/proof.json",
    "desk/imports/<uuid:import_round>/settle/",
}
# The first page of an act says what stands against it now, before a code or a key is asked for.
SAYS_FIRST = re.compile(
    r"me/<uuid:application>/choices/<int:number>/(submit|claim/<uuid:programme>|transfer/<uuid:programme>)/"
    r"|me/<uuid:application>/(withdraw|restore)/|me/releases/<uuid:admission>/take-back/|desk/(rounds/<uuid:round>|runs/<uuid:run>|reports/<uuid:report>)/[a-z-]+/"
    r"|desk/imports/files/<uuid:import_file>/load/|desk/disputes/<uuid:[a-z]+>/decide/|desk/sanctions/<uuid:sanction>/withdraw/"
)


def may(role: Role, site: Site) -> bool:
    return cell(role, site.right) is not None


def at_home(role: Role, site: Site) -> bool:
    """Whether the page belongs to this role's own desk (public pages belong to everyone)."""
    desk = next((start for start in DESKS if site.route.startswith(start)), "")
    return may(role, site) and (not desk or site.route.startswith(PUBLIC_LOG) or role in DESKS[desk])


def is_personal(role: Role, site: Site) -> bool:
    """Pages that speak of someone; a guest sees such a thing only after a look-up."""
    if role is Role.GUEST:
        return site.route == "result/"
    return may(role, site) and site.route.startswith(PERSONAL) and not site.route.startswith(PUBLIC_LOG)


def turned_away(role: Role, url: str, answer: HttpResponse) -> bool:
    if role is Role.GUEST:
        goes = urlsplit(answer.headers.get("Location", ""))
        return answer.status_code == 302 and goes.path == "/login/" and "next=" in goes.query
    return answer.status_code == 403 and "没有这项权限" in answer.content.decode()


def denials() -> int:
    return AuditEntry.objects.filter(outcome="DENIED").count()


def test_every_route_says_its_right() -> None:
    assert len(SITES) >= 80
    assert {site.route for site in SITES} >= {"", "me/", "school/", "desk/", "audit/"}


@pytest.mark.parametrize("role", SIGN_IN)
def test_a_get_never_writes_and_shows_only_what_the_role_may(world: World, role: Role) -> None:
    browser = Browser(world, role)
    before, log, denied = contents(*LOG), AuditEntry.objects.count(), denials()
    refused, wrong, cacheable = 0, [], []
    for site in SITES:
        url = site.url(world, role)
        answer = browser.ask("get", url)
        if is_personal(role, site) and "no-store" not in answer.headers.get("Cache-Control", ""):
            cacheable.append(url)
        if not may(role, site):
            refused += 1
            wrong += [] if turned_away(role, url, answer) else [(url, answer.status_code)]
        elif at_home(role, site):
            more = {422} if site.route in ASKS_MORE else {409, 422} if SAYS_FIRST.fullmatch(site.route) else set()
            wanted = GOOD | more
            wrong += [] if answer.status_code in wanted else [(url, answer.status_code)]
        else:
            wrong += [(url, answer.status_code)] if answer.status_code >= 500 else []

    assert (wrong, cacheable) == ([], [])
    assert changed(before, contents(*LOG)) == set()
    expected = 0 if role is Role.GUEST else refused
    looks = sum(site.route in LOGGED and may(role, site) and at_home(role, site) for site in SITES)

    assert (AuditEntry.objects.count() - log, denials() - denied) == (expected + looks, expected)


@pytest.mark.parametrize("role", [role for role in SIGN_IN if role is not Role.GUEST])
def test_what_lies_in_another_corner_is_not_found(world: World, role: Role) -> None:
    """Addresses of real rows of another city; the province and public pages reach everything."""
    browser, wrong, tried = Browser(world, role), [], 0
    for site in SITES:
        named = [name for kind, name in site.parts if kind == "uuid" and name not in ("public_id", "round", "run")]
        found_cell = cell(role, site.right)
        if not named or found_cell is None or not at_home(role, site) or found_cell.scope in "aln":
            continue
        tried += 1
        answer = browser.goes("get", site.url(world, role, far=True))
        wrong += [] if answer.status_code in (404, 405) else [(site.route, answer.status_code)]

    assert wrong == []
    assert (tried > 0) == (role not in NO_OTHER_CORNER), tried


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", SIGN_IN)
def test_an_id_that_nobody_has_is_not_found(world: World, role: Role, method: str) -> None:
    browser, wrong = Browser(world, role), []
    for site in (site for site in SITES if site.parts and may(role, site)):
        answer = browser.goes(method, site.nowhere())
        wrong += [] if answer.status_code in (404, 405) else [(site.route, answer.status_code)]

    assert wrong == []


@pytest.mark.parametrize("role", SIGN_IN)
def test_an_empty_post_never_breaks_a_page_and_is_denied_like_a_get(world: World, role: Role) -> None:
    browser, wrong = Browser(world, role), []
    before = contents(*LOG)
    for site in (site for site in SITES if not may(role, site)):
        url = site.url(world, role)
        answer = browser.ask("post", url)
        wrong += [] if turned_away(role, url, answer) else [(url, answer.status_code)]

    assert changed(before, contents(*LOG)) == set()
    for site in (site for site in SITES if may(role, site)):
        with undone():
            answer = browser.ask("post", site.url(world, role))
            wrong += [(site.route, answer.status_code)] if answer.status_code >= 500 else []

    assert wrong == []


@pytest.mark.parametrize("role", [Role.GUEST, Role.STUDENT, Role.PROVINCE_EDUCATION])
def test_a_post_from_another_site_is_refused_everywhere(world: World, role: Role) -> None:
    browser = Browser(world, role, checks_csrf=True)
    before, let_in = contents(), []
    for site in SITES:
        answer = browser.ask("post", site.url(world, role), {"phone": "15400000001"})
        let_in += [] if answer.status_code == 403 else [(site.route, answer.status_code)]
        assert "Traceback" not in answer.content.decode()

    assert let_in == []
    assert changed(before, contents()) == set()


def test_the_refusal_of_a_forged_post_is_ours_and_in_chinese(world: World) -> None:
    answer = Browser(world, Role.STUDENT, checks_csrf=True).ask("post", "/logout/")

    assert answer.status_code == 403
    assert "这个页面已经过期" in answer.content.decode()


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_change_nothing(world: World, method: str) -> None:
    browser = Browser(world, Role.PROVINCE_EDUCATION)
    before = contents(*LOG)
    for site in SITES:
        status = browser.ask(method, site.url(world, Role.PROVINCE_EDUCATION)).status_code
        assert status in (403, 405), site.route

    assert changed(before, contents(*LOG)) == set()
