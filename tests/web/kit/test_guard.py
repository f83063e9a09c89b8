"""A route is reached only with its right."""

import pytest
from django.test import Client, override_settings

from tests.support.builders.web_season import text
from tests.support.personas import Personas
from tests.web.kit import routes
from yangguang import checks
from yangguang.models import AuditEntry

pytestmark = pytest.mark.usefixtures("kit_routes")


def log_in(browser: Client, account: int | None) -> Client:
    session = browser.session
    session["account"] = account
    session.save()
    return browser


def test_a_guest_is_led_to_the_log_in_also_by_a_partial_request(db: None, browser: Client) -> None:
    assert browser.get("/bureau/?a=1").headers["Location"] == "/login/?next=%2Fbureau%2F%3Fa%3D1"

    partial = browser.get("/bureau/", headers={"HX-Request": "true"})

    assert (partial.status_code, partial.headers["HX-Redirect"]) == (204, "/login/?next=%2Fbureau%2F")


def test_a_role_without_the_right_is_refused_once_and_recorded_once(personas: Personas, browser: Client) -> None:
    answer = log_in(browser, personas.teacher.actor.account).get("/bureau/")

    assert answer.status_code == 403
    assert "不能审核招生计划" in text(answer)

    entry = AuditEntry.objects.get(action="route.denied")

    assert (entry.outcome, "审核招生计划" in entry.facts["what"]) == ("DENIED", True)


def test_a_route_without_a_guard_fails_the_start_up_check() -> None:
    with override_settings(ROOT_URLCONF="yangguang.urls"):
        assert checks.every_route_is_guarded(None) == []
    routes.urlpatterns.extend(routes.UNGUARDED)
    try:
        with override_settings(ROOT_URLCONF=routes.__name__):
            errors = checks.every_route_is_guarded(None)
    finally:
        del routes.urlpatterns[-1]

    assert [error.id for error in errors] == ["yangguang.E020"]
